import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { key, type Key } from "../src/key.ts";
import { instance } from "./harness.ts";

const words = ({ low, high }: Key): string => `${low},${high}`;

describe("a key", () => {
  it("is the seed itself for numbers, in two words", () => {
    expect(words(key(7))).toBe("7,0");
    expect(words(key(2 ** 32 + 5))).toBe("5,1");
    expect(words(key(2n ** 64n - 1n))).toBe("4294967295,4294967295");
    expect(words(key(9n))).toBe(words(key(9)));
  });

  it("derives its descendants by Philox4x32-10, as the core has it", () => {
    const core = instance();
    const out = core.allocate(16);
    const check = (from: Key, counter: readonly number[], derived: Key): void => {
      core.kernel("rawStreamBlock")(from.low, from.high, ...counter, out);
      expect(words(derived)).toBe(core.take(Uint32Array, out, 4).slice(0, 2).join());
    };
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (seed, data) => {
        const from = key(seed);
        check(from, [Number(data & 0xffffffffn), Number(data >> 32n), 0, 1], from.fold(data));
        check(from, [2, 0, 0, 2], from.split(3)[2]!);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("survives JSON", () => {
    const one = key("a seed").fold(3);
    expect(words(key(JSON.parse(JSON.stringify(one))))).toBe(words(one));
  });

  it("tells seeds, texts and uses apart", () => {
    const root = key(0);
    const all = [
      ...Array.from({ length: 1000 }, (_, i) => root.fold(i)),
      ...root.split(1000),
      ...Array.from({ length: 1000 }, (_, i) => key(String(i))),
      ...Array.from({ length: 1000 }, (_, i) => root.fold(String(i))),
      ...["", "\0", "\0\0", "a", "a\0", "ab", "abcdefgh", "abcdefgh\0"].map((text) => key(text)),
    ];
    expect(new Set(all.map(words)).size).toBe(all.length);
  });

  it("splits into a start of any longer split", () => {
    expect(key(5).split(2).map(words)).toEqual(key(5).split(9).slice(0, 2).map(words));
  });

  it("keeps its numbers", () => {
    expect([key("gradex"), key(1).fold(2), key(1).fold("two"), key(3).split(2)[1]!].map((k) => k.toJSON().key)).toMatchInlineSnapshot(`
      [
        "3eca5288ec29913b",
        "970994fd3d4141de",
        "513dc45264f30466",
        "183f24e0172a1764",
      ]
    `);
  });

  it.each([
    [-1, 'key: "seed" expected an integer in 0 … 2⁵³ − 1, a bigint in 0 … 2⁶⁴ − 1, or a string, got -1. Use a string for anything else.'],
    [1.5, 'key: "seed" expected an integer in 0 … 2⁵³ − 1, a bigint in 0 … 2⁶⁴ − 1, or a string, got 1.5. Use a string for anything else.'],
    [2 ** 53, 'key: "seed" expected an integer in 0 … 2⁵³ − 1, a bigint in 0 … 2⁶⁴ − 1, or a string, got 9007199254740992. Use a string for anything else.'],
    [Number.NaN, 'key: "seed" expected an integer in 0 … 2⁵³ − 1, a bigint in 0 … 2⁶⁴ − 1, or a string, got NaN. Use a string for anything else.'],
    [2n ** 64n, 'key: "seed" expected an integer in 0 … 2⁵³ − 1, a bigint in 0 … 2⁶⁴ − 1, or a string, got 18446744073709551616n'],
  ])("refuses the seed %s", (seed, message) => {
    expect(() => key(seed)).toThrow(new RangeError(message));
  });

  it("refuses what is no seed at all", () => {
    expect(() => key(null as unknown as number)).toThrow(TypeError);
    expect(() => key({ key: "xyz" })).toThrow(new TypeError('key: "seed.key" expected 16 hexadecimal digits, as toJSON() gives them, got "xyz"'));
    expect(() => key(1).split(0)).toThrow(new RangeError('split: "count" expected integer >= 1, got 0'));
  });
});
