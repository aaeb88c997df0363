import { expect, it } from "vitest";
import { batched, bernoulli, createCore, disarm, expectation, gradient, key, scoreFunction } from "../../src/index.ts";
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

it("what lies above 2 GiB gives the same bits, and above 4 GiB there is nothing", () => {
  const core = createCore();
  const f = batched((x, value) => value.forEach((_, i) => (value[i] = x[i * 1000]!)));
  const params = { logits: Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i)) };
  const estimate = () => {
    using grad = core.gradient(expectation(bernoulli(1000), f), scoreFunction(), { samples: 100 });
    return grad.estimate(params, key(1));
  };
  const low = estimate();
  using large = core.gradient(expectation(bernoulli(1000), f), scoreFunction(), { samples: 300_000 });
  expect(large.bytes).toBeGreaterThan(2 ** 31);
  expect(estimate()).toEqual(low);
  expect(() => core.gradient(expectation(bernoulli(1000), f), disarm(), { samples: 300_000 })).toThrow(/^gradient: needs 4\.5 GiB of memory, at most 1\.\d GiB can be had\./);
});
