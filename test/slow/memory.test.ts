import { expect, it } from "vitest";
import { batched, bernoulli, expectation, gradient, key, scoreFunction } from "../../src/index.ts";
import { sharedCore } from "../../src/core/core.ts";

it("100,000 gradients made, used and disposed leave memory as it was", () => {
  const f = batched((x, value) => void value.set(x.subarray(0, value.length)));
  const round = (i: number): void => {
    using grad = gradient(expectation(bernoulli(1 + (i % 50)), f), scoreFunction(), { samples: 2 + (i % 30) });
    if (i % 100 === 0) grad.estimate({ logits: new Float64Array(1 + (i % 50)) }, key(i));
  };
  for (let i = 0; i < 1000; i++) round(i);
  const { heap } = sharedCore();
  const [bytes, used] = [heap.buffer().byteLength, heap.used()];
  for (let i = 0; i < 100_000; i++) round(i);
  expect([heap.buffer().byteLength, heap.used()]).toEqual([bytes, used]);
});
