import type { Baseline } from "../vocabulary/baseline.ts";
import type { Scored } from "../vocabulary/distribution.ts";
import type { Definition } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { drawParticles, offset, scoreParticles } from "./particles.ts";

type Scratch = "logs" | "coefficient" | "baseline";

/** Σₖ (L − b − wₖ) ∇ log q(xₖ; θ): the score function of an importance bound L, and the gradient of its log q, by the weights wₖ. */
export function scoreFunctionOfBound(baseline: Baseline): Definition<Scored, Integrand, Scratch> {
  return {
    name: "score-function",
    unbiased: true,
    kind: "importance-bound",
    distribution: ["score"],
    integrand: [],
    plan: (_, __, { particles }) => ({ value: particles, gradient: 0, scratch: { logs: particles, coefficient: particles, baseline: 1 }, least: baseline.least }),
    bind: (q, site) => {
      const { particles } = site;
      const b = baseline.bind(site);
      return {
        propose: (work, draw) => drawParticles(q, particles, work, draw),
        combine: (work) => {
          const { kernels, rows, theta, hard, at, total } = work;
          q.logProb(kernels, particles * rows, theta, hard.x, at.logs);
          kernels.importanceBoundWeigh(particles, rows, 0, hard.value, at.logs, hard.weight, at.coefficient, total);
          b.predict(work, total, at.baseline);
          kernels.arraySubtract(rows, total, at.baseline, at.baseline);
          for (let k = 0; k < particles; k++) kernels.arrayAdd(rows, at.baseline, at.coefficient + offset(work, k));
        },
        terms: (work, rows, terms) => scoreParticles(q, particles, work, rows, work.hard.x, work.at.coefficient, terms),
        learn: (work) => b.learn?.(work, work.total),
        begin: () => b.begin?.(),
      };
    },
  };
}
