import { table, weigh } from "../../../reference/estimators/unordered-set.ts";
import { type Outcome, over, variance } from "./outcomes.ts";

/** Sets of so many different outcomes, drawn without replacement, over all such sets (Kool, van Hoof & Welling 2020). */
export const withoutReplacement = (outcomes: readonly Outcome[], draws: number) => (samples: number): number[] => {
  const all = subsets(outcomes, draws).map((set) => {
    const probs = set.map(({ p }) => p);
    const next = new Float64Array(2 ** draws);
    table(probs, 1 - probs.reduce((a, b) => a + b, 0), next);
    const coefficient = new Float64Array(draws);
    weigh(probs, next, set.map(({ f }) => f), coefficient);
    return { p: next[0]!, term: set[0]!.score.map((_, j) => set.reduce((sum, { score }, i) => sum + coefficient[i]! * score[j]!, 0)) };
  });
  return over(samples, variance(all, ({ term }) => term));
};

function subsets<T>(all: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return all.flatMap((first, i) => subsets(all.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}
