import { key, program, stochasticTriple } from "gradex";

/** A value of X(p): where in the sample space it is at p and at p + ε, and the jump of its triples. */
export interface Step {
  readonly value: number;
  /** [from, to) in ω */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
  readonly perturbation: number;
  /** A rate: the jump has probability weight · ε, given this value. */
  readonly weight: number;
}

const TRIALS = 3;
const successes = program<"p">(({ p }, draw) => draw.binomial(TRIALS, p));

/** X(p) by inversion, binomial of 3 trials: nearly every ω stays, a few jump by 1. */
export function discrete(p: number, epsilon: number): readonly Step[] {
  const seen = new Map<number, { perturbation: number; weight: number }>();
  for (let i = 0; seen.size <= TRIALS; i++) {
    const { value, perturbation, weight } = stochasticTriple(successes, { p }, key("discrete").fold(i));
    seen.set(value, { perturbation, weight });
  }
  const [before, after] = [cumulative(p), cumulative(p + epsilon)];
  return Array.from({ length: TRIALS + 1 }, (_, value) => ({
    value,
    before: [before[value]!, before[value + 1]!],
    after: [after[value]!, after[value + 1]!],
    ...seen.get(value)!,
  }));
}

/** P(X < k) for k = 0, 1, … */
function cumulative(p: number): number[] {
  const ways = [1, 3, 3, 1];
  let sum = 0;
  return [0, ...ways.map((count, k) => (sum += count * p ** k * (1 - p) ** (TRIALS - k)))];
}
