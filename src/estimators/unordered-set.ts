import { integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Finite } from "../vocabulary/distribution.ts";
import { type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { budgetOf, checkBudget, rankedSupport, scorePoints } from "./ranked-support.ts";
import { estimators } from "../wasm/modules.ts";

export interface UnorderedSetOptions {
  /** k: different points of a set, from 1 to 12, at most as many as there are. */
  readonly draws: number;
  /** Whether each point is compared with what the set says of the mean of f; true unless given. It takes 2 draws. */
  readonly baseline?: boolean;
  /** The most points of a support; 65,536 unless given. */
  readonly budget?: number;
}

const MOST = 12;

/**
 * The unordered set estimator: k different points drawn without replacement (the k largest of log p + Gumbel noise), each weighed by
 * p(x) P(the others, x being gone) / P(the set): Σₓ p(x) R(S, x) (f(x) − bₓ) ∇ log p(x; θ).
 *
 * Unbiased for any f; k evaluations of f per sample, none of them twice at one point; its baseline is made of the same set. With all
 * points in the set it is the exact sum, without noise. A sample costs k · 2ᵏ operations beside f, and a call sorts the support. Kool,
 * van Hoof & Welling 2020.
 *
 * *Requirements*: `p` has a finite support; f its values.
 *
 * @throws {RangeError} for a baseline and 1 draw, which would be biased
 */
export function unorderedSet(options: UnorderedSetOptions): Estimator<Finite, Integrand> {
  const caller = "unorderedSet";
  onlyOptions(caller, options, ["draws", "baseline", "budget"]);
  const draws = integer(caller, "draws", options.draws, 1, MOST);
  const { baseline = true } = options;
  if (typeof baseline !== "boolean") throw wrongKind(caller, "baseline", "true or false", baseline);
  if (baseline && draws < 2) throw wrongValue(caller, "draws", "at least 2 with a baseline, which would be biased by 1", draws, "Say { baseline: false }, or draw more.");
  const budget = budgetOf(caller, options.budget);
  return estimator<Finite, Integrand, "coefficient" | "probs">({
    name: "unordered-set",
    unbiased: true,
    modules: [estimators],
    distribution: ["support"],
    integrand: [],
    plan: (p) => {
      checkBudget(caller, p, budget);
      const { size } = p.support;
      if (draws > size) throw wrongValue(caller, "draws", `at most the ${size} points that ${p.name} has`, draws);
      return { value: draws, gradient: 0, scratch: { coefficient: draws, probs: draws + 1 }, exact: draws === size };
    },
    bind: (p, site) => {
      const support = rankedSupport(p, site);
      return {
        propose: (work, draw) => {
          const { kernels, rows, batch, dim, hard, at } = work;
          const { key, site: stream, chunk } = draw(0);
          support.rank(work);
          kernels.unorderedSetSample(key.low, key.high, stream, chunk, draws, rows, batch, p.support.size, dim, support.ready, support.points, hard.x, at.probs);
        },
        combine: ({ kernels, rows, hard, at, total }) =>
          kernels.unorderedSetWeigh(draws, rows, baseline ? 1 : 0, at.probs, hard.value, hard.weight, at.coefficient, total),
        terms: (work, rows, terms) => scorePoints(p, draws, work, rows, work.at.coefficient, terms),
        begin: support.begin,
      };
    },
  });
}
