import { describe, expect, it } from "vitest";
import { fingerprint } from "../src/fingerprint.ts";

const at = { logits: Float64Array.of(0.5, -1, 2), scale: Float32Array.of(1) };

describe("a fingerprint", () => {
  it("is of the numbers, whatever the order of the names, and is the same everywhere", () => {
    expect(fingerprint([at])).toBe(fingerprint([{ scale: at.scale, logits: Float64Array.of(0.5, -1, 2) }]));
    expect(fingerprint([at, undefined])).toMatchInlineSnapshot(`"fd3796b8dd3fb1aa"`);
  });

  it("tells apart every bit, and where each number stands", () => {
    const seen = new Set([fingerprint([at])]);
    const flipped = at.logits.length * 64;
    for (let bit = 0; bit < flipped; bit++) {
      const words = new Uint32Array(at.logits.slice().buffer);
      words[bit >> 5]! ^= 1 << (bit & 31);
      seen.add(fingerprint([{ ...at, logits: new Float64Array(words.buffer) }]));
    }
    const others = [[{ logits: at.logits }], [{ logits: at.logits }, { scale: at.scale }], [{ ...at, scale: at.logits, logits: at.scale }], [{ ...at, logits: at.logits.slice(1) }], [{ ...at, logits: at.logits.toReversed() }]];
    for (const other of others) seen.add(fingerprint(other));
    expect(seen.size).toBe(1 + flipped + others.length);
  });

  it("has no two alike among a hundred thousand numbers that differ a little, in either half", () => {
    const seen = Array.from({ length: 100_000 }, (_, i) => fingerprint([{ x: Float64Array.of(1, i / 1000) }]));
    expect(new Set(seen).size).toBe(100_000);
    for (const half of [seen.map((own) => own.slice(0, 8)), seen.map((own) => own.slice(8))]) expect(new Set(half).size).toBeGreaterThan(99_980); // chance: 1.2 pairs alike
  });
});
