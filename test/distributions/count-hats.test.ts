import { expect, test } from "vitest";
import * as binomials from "../../reference/distributions/binomial.ts";
import * as poissons from "../../reference/distributions/poisson.ts";
import { binomial } from "../../src/distributions/binomial.ts";
import { poisson } from "../../src/distributions/poisson.ts";
import { type Family, type Problem, stage, testCore } from "../laws/stage.ts";

/**
 * A proposal k(u) is accepted where v ≤ p(k) (a / rim² + b) / hat. The draws are exact if that is never above 1, and the squeeze never above it.
 */
function expectHat(p: Family, problem: Problem, log: (k: number) => number, most: number, hatOf: (part: (which: number) => number) => number): void {
  using at = stage(p, "f64", [problem]);
  const { tile, at: address } = at.theta;
  const theta = new Float64Array(testCore().heap.buffer(), address, 16 * tile);
  const part = (which: number): number => theta[which * tile]!;
  const [a, b, c, squeeze, hat] = [part(5), part(6), part(7), part(8) / 4096, hatOf(part)];
  expect(a).toBeGreaterThan(0);
  let [largest, least] = [0, Infinity];
  for (let i = 1; i < 8000; i++) {
    const rim = i < 4000 ? (i / 4000) ** 4 / 2 : 0.07 + (0.43 * (i - 4000)) / 4000;
    for (const u of [rim - 0.5, 0.5 - rim]) {
      const k = Math.floor(((2 * a) / rim + b) * u + c);
      if (k < 0 || k > most) continue;
      const ratio = (Math.exp(log(k)) * (a / (rim * rim) + b)) / hat;
      largest = Math.max(largest, ratio);
      if (rim >= 0.07) least = Math.min(least, ratio);
    }
  }
  expect(largest).toBeLessThan(1);
  expect(largest).toBeGreaterThan(0.9); // and little is rejected in vain
  expect(least).toBeGreaterThan(squeeze);
}

test.each([10, 10.1, 11.3, 13, 17.7, 22, 25.2, 27.2288, 40, 60, 150, 1000, 12_345])("the hat of a Poisson count of %s lies above its probabilities, the squeeze below", (rate) => {
  expectHat(poisson(1), { logRate: [Math.log(rate + 1e-9)] }, (k) => poissons.logProb(k, rate), Infinity, (part) => part(4));
});

test.each([[21, 0.5], [21, 0.49], [40, 0.3], [50, 0.35], [100, 0.11], [1000, 0.0101], [1000, 0.3], [12_345, 0.5]])("the hat of a binomial count of %s trials at %s lies above its probabilities, the squeeze below", (n, p) => {
  const rare = Math.min(p, 1 - p);
  const logit = Math.log(rare / (1 - rare));
  const norm = poissons.logProb(n, n); // the level leaves it out
  expectHat(binomial(1, n), { logits: [logit] }, (k) => binomials.logProb(k, n, logit) + norm, n, (part) => Math.exp(part(9)));
});
