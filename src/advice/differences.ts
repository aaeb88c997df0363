import type { Dense, Distribution } from "../vocabulary/distribution.ts";
import { type Definition, type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Kind } from "../vocabulary/objective.ts";
import { type Asking, bound, mapped, type Reference, spread, type Subject } from "./reference.ts";

/** K draws, a site each, of which the estimator below takes nothing but the values of the objective. */
function definition(kind: Kind): Definition<Distribution & Partial<Dense>, Integrand, "logs" | "coefficient"> {
  const scratch = (particles: number) => (kind === "expectation" ? { logs: 0, coefficient: 0 } : { logs: particles, coefficient: particles });
  return {
    name: "values",
    unbiased: true,
    kind,
    distribution: kind === "expectation" ? ["sample"] : ["logProb"],
    integrand: [],
    plan: (_, __, { particles }) => ({ value: particles, gradient: 0, scratch: scratch(particles) }),
    bind: (p, { particles }) => ({
      propose: ({ kernels, rows, theta, hard, dim, bytes }, draw) => {
        for (let k = 0; k < particles; k++) p.sample(kernels, draw(k), rows, theta, hard.x + k * rows * dim * bytes);
      },
      combine: ({ kernels, rows, theta, hard, at, total }) => {
        if (kind === "expectation") return kernels.arrayCopy(rows, hard.value, total);
        p.logProb!(kernels, particles * rows, theta, hard.x, at.logs);
        kernels.importanceBoundWeigh(particles, rows, 0, hard.value, at.logs, hard.weight, at.coefficient, total);
      },
      terms: () => {},
    }),
  };
}

/** The objective at draws of the family, and nothing else: of any family and any f. */
const values: Estimator<Distribution, Integrand, Kind> = estimator<Distribution & Partial<Dense>, Integrand, "logs" | "coefficient", Kind>({ ...definition("expectation"), bound: definition("importance-bound") });

/**
 * (E f at θ + h − E f at θ − h) / 2h for one coordinate after another, both with the same draws: its bias is of the order h².
 * A step is relative to the size of its coordinate, and at least h.
 */
export function byDifferences(subject: Subject, { core, key, samples, rounds, step }: Asking): Reference {
  const { params, batch, context } = subject;
  const grad = bound(core, subject, values, samples);
  const at = mapped(params, (array) => array.slice());
  const sum = (round: number): number => grad.value(at, key.fold(round), { ...(context && { context }) }).reduce((total, own) => total + own, 0);
  let evaluations = 0;
  try {
    const columns = mapped(params, (array, name) =>
      Array.from(array, (own, i) => {
        const h = step * Math.max(1, Math.abs(own));
        const slopes = Array.from({ length: rounds }, (_, round) => {
          at[name]![i] = own + h;
          const above = sum(round);
          at[name]![i] = own - h;
          evaluations += 2 * samples * batch * (subject.objective.kind === "expectation" ? 1 : subject.objective.particles);
          return (above - sum(round)) / (2 * h);
        });
        at[name]![i] = own;
        return spread(slopes);
      }),
    );
    return {
      against: "differences",
      gradient: mapped(columns, (column) => Float64Array.from(column, ({ mean }) => mean)),
      error: mapped(columns, (column) => Float64Array.from(column, ({ error }) => error)),
      evaluations,
    };
  } finally {
    grad.dispose();
  }
}
