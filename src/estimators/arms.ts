import { integer, onlyOptions } from "../errors.ts";
import { type Binary, tileOf } from "../vocabulary/distribution.ts";
import { type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { estimators } from "../wasm/modules.ts";

export interface ArmsOptions {
  /** n: flips of a set that avoid one another, at least 2; 4 unless given. */
  readonly draws?: number;
}

/**
 * ARMS: leave-one-out over n flips that avoid one another, 1/(n − 1) Σᵢ (f(bᵢ) − f̄) (bᵢ − p) / (1 − ρ), with ρ < 0 the correlation of two
 * of them, coordinate by coordinate.
 *
 * Unbiased for any f; n evaluations of f per sample; no baseline, no parameter. At n = 2 it is `disarm()`; as n grows ρ goes to 0, and
 * the estimator to leave-one-out over n independent flips, which at that n has as much variance or more. Take few large sets: many small ones
 * can have more than leave-one-out over all their draws. Pairs of `disarm()` can be better where coins are near ½, this one where they are
 * not. Dimitriev & Zhou 2021.
 *
 * *Requirements*: `p` is binary (`bernoulli`); f its values.
 */
export function arms(options: ArmsOptions = {}): Estimator<Binary, Integrand> {
  onlyOptions("arms", options, ["draws"]);
  const draws = integer("arms", "draws", options.draws ?? 4, 2);
  return estimator<Binary, Integrand, "coefficient" | "means">({
    name: "arms",
    unbiased: true,
    modules: [estimators],
    distribution: ["mutual"],
    integrand: [],
    plan: () => ({ value: draws, gradient: 0, scratch: { coefficient: draws, means: 2 } }),
    bind: ({ mutual }, { region, batch, distribution: { dim } }) => {
      const ready = region.reserve(mutual.prepared(tileOf(batch * dim)));
      return {
        propose: ({ kernels, theta, rows, hard }, draw) => {
          mutual.prepare(kernels, draws, theta, ready.at);
          mutual.sample(kernels, draws, draw, rows, theta, ready.at, hard.x);
        },
        combine: ({ kernels, rows, hard, at, total }) => {
          kernels.leaveOneOutPredict(draws, rows, hard.value, at.means, at.coefficient);
          kernels.arraySubtract(draws * rows, hard.value, at.coefficient, at.coefficient);
          kernels.arrayCopy(rows, at.means, total);
          kernels.arrayFill(draws * rows, 1 / draws, hard.weight);
        },
        terms: (work, { first, rows }, terms) => {
          const { kernels, theta, hard, at, dim: width, bytes } = work;
          mutual.terms(kernels, draws, rows, work.rows, 1, theta, ready.at, hard.x + first * width * bytes, at.coefficient + first * bytes, terms);
        },
      };
    },
  });
}
