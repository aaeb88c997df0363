import { expect, it } from "vitest";
import { batched, bernoulli, expectation, gradient, key, scoreFunction } from "../../src/index.ts";

it("refine stops at a rare event without the bias of a plain rule, over 400 keys", async () => {
  const f = batched((x, value) => x.forEach((b, i) => (value[i] = 10 * b)));
  const logits = Float64Array.of(Math.log(0.01 / 0.99));
  const truth = 0.099;
  let [sum, covered] = [0, 0];
  for (let run = 0; run < 400; run++) {
    using grad = gradient(expectation(bernoulli(1), f), scoreFunction(), { samples: 64 });
    let last;
    for await (const estimate of grad.refine({ logits }, key(run), { standardError: 0.05 })) last = estimate;
    sum += last!.gradient.logits[0]! / 400;
    if (Math.abs(last!.gradient.logits[0]! - truth) < 1.96 * last!.standardError.logits[0]!) covered++;
  }
  // A plain rule gives 0.048 and covers half of the time; what remains here is the bias of stopping at all.
  expect(Math.abs(sum / truth - 1)).toBeLessThan(0.15);
  expect(covered / 400).toBeGreaterThan(0.85);
});
