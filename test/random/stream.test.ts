import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { philox } from "../../reference/random/philox.ts";
import { stream, xoshiro } from "../../reference/random/stream.ts";
import { key } from "../../src/key.ts";
import { instance } from "../harness.ts";

type Words = readonly string[];
const known = JSON.parse(readFileSync("test/vectors/known-answers.json", "utf8")) as {
  readonly philox: readonly { readonly ctr: Words; readonly key: Words; readonly out: Words }[];
  readonly xoshiro: { readonly state: readonly number[]; readonly out: Words };
};
const core = instance();
const numbersOf = (hex: Words): number[] => hex.map((word) => Number(word));

it("gives Random123's known answers, in the core and in its twin", () => {
  const out = core.allocate(16);
  for (const { ctr, key: pair, out: answer } of known.philox) {
    const [low, high] = numbersOf(pair) as [number, number];
    const counter = numbersOf(ctr) as [number, number, number, number];
    core.kernel("rawStreamBlock")(low, high, ...counter, out);
    expect([...core.take(Uint32Array, out, 4)]).toEqual(numbersOf(answer));
    expect(philox(low, high, counter)).toEqual(numbersOf(answer));
  }
});

it("derives keys by the same Philox, each use with a counter word of its own", () => {
  const root = key(0x9e3779b97f4a7c15n);
  const [low, high] = [0x7f4a7c15, 0x9e3779b9];
  expect([root.low, root.high]).toEqual([low, high]);
  const folded = root.fold(2 ** 40 + 3);
  expect([folded.low, folded.high]).toEqual(philox(low, high, [3, 256, 0, 1]).slice(0, 2));
  root.split(3).forEach((child, i) => expect([child.low, child.high]).toEqual(philox(low, high, [i, 0, 0, 2]).slice(0, 2)));
});

it("steps as the C reference of xoshiro128++ does", () => {
  const state = Int32Array.from(known.xoshiro.state);
  expect(known.xoshiro.out.map(() => xoshiro(state))).toEqual(numbersOf(known.xoshiro.out));
});

it("makes the words of a chunk as its twin does, for any key, site and chunk", () => {
  const out = core.allocate(4 * 4096);
  for (const [low, high, site, chunk] of [[0, 0, 0, 0], [1, 2, 3, 4], [0xffffffff, 0x80000000, 0xdeadbeef, 0xffffffff]] as const) {
    for (const count of [8, 1024, 4096]) {
      core.kernel("rawStreamWords")(low, high, site, chunk, count, out);
      expect(core.take(Uint32Array, out, count)).toEqual(Uint32Array.from({ length: count }, stream(low, high, site, chunk)));
    }
  }
});
