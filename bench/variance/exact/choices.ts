import { disarm, probability, sticks } from "../../../reference/estimators/choice-pairs.ts";
import { over, variance } from "./outcomes.ts";

/** DisARM of a choice by its sticks, over all pairs of places (Dong, Mnih & Tucker 2021). */
export const antitheticChoices = (probs: readonly number[], worth: readonly number[]) => (samples: number): number[] => {
  const own = sticks(probs);
  const places = probs.map((_, i) => i);
  const pairs = places.flatMap((i) => places.map((j) => {
    const term = new Float64Array(probs.length);
    disarm(probs, own, i, j, worth[own.order[i]!]! - worth[own.order[j]!]!, term);
    return { p: probability(own, i, j), term: [...term] };
  }));
  return over(samples, variance(pairs, ({ term }) => term));
};
