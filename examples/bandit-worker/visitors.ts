import { key, type Key } from "gradex";
import { FEATURES, HEADLINES } from "./policy.ts";

/** A visitor of the front page: a constant, the time of day, how often they came, whether on a telephone; and what they would do. */
export interface Visitor {
  readonly features: readonly number[];
  /** The probability that they read on, for each headline. */
  readonly taste: readonly number[];
  /** Whether they read on below this headline. */
  reads(headline: number): boolean;
}

/** What the newspaper does not know: how the features bear on each headline. */
const TASTES = [
  [-1.5, 2.5, 0, 0],
  [-1, -1, 2, 0],
  [-0.5, 0, 0, 0.5],
  [-2, 0, 1, 3],
  [-1, 1, -2, 1],
] as const;

/** A number in [0, 1) that belongs to the key. */
const chance = (of: Key): number => of.low / 2 ** 32;

/** Visitor number i of a seed: the same for every policy that is tried. */
export function visitor(seed: number, i: number): Visitor {
  const own = key(seed).fold("visitors").fold(i);
  const features = [1, 2 * chance(own.fold("hour")) - 1, 2 * chance(own.fold("visits")) - 1, chance(own.fold("telephone")) < 0.4 ? 1 : 0];
  if (features.length !== FEATURES || TASTES.length !== HEADLINES) throw new Error("visitors and policy do not fit");
  const taste = TASTES.map((weights: readonly number[]) => 1 / (1 + Math.exp(-weights.reduce((sum, w, j) => sum + w * features[j]!, 0))));
  return { features, taste, reads: (headline) => chance(own.fold("reads").fold(headline)) < taste[headline]! };
}
