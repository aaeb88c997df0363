import { describe, expect, it } from "vitest";
import { batched, categorical, expectation, gradient, key, sumAndSample } from "../../src/index.ts";

// Seen through an estimator that sums the most probable points: the kernel itself is internal to others.
describe("points from the most probable one on", () => {
  it.each([2, 3, 24, 25, 40, 333])("are in order of probability, %d of them, equals in their own", (size) => {
    const logits = Float64Array.from({ length: size }, (_, k) => Math.round(3 * Math.sin(k * k)));
    const terms = size - 1;
    using grad = gradient(expectation(categorical(size), batched((_, value) => void value.fill(0))), sumAndSample({ terms }), { samples: 2 });
    const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
    expect(Array.from(grad.propose({ logits }, key(1)).hard)).toEqual(order);
  });
});
