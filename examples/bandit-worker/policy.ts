import { adam, categorical, expectation, given, gradient, type Gradient, key, linearBaseline, network, optimization, remote, scoreFunction, type State } from "gradex";

/** Features of a visitor, and headlines to choose from. */
export const FEATURES = 4;
export const HEADLINES = 5;
/** Rewards of one generation of the policy: then it takes a step, and the next begins. */
export const GENERATION = 32;

type Weights = { readonly W: Float64Array; readonly b: Float64Array };

/** A decision as the visitor's page keeps it: number, generation, and what was shown. */
export interface Decision {
  readonly decision: number;
  readonly generation: number;
  readonly headline: number;
}

/** All that a policy is, as plain JSON. */
export interface Checkpoint {
  readonly decisions: number;
  readonly generation: number;
  readonly weights: readonly { readonly W: readonly number[]; readonly b: readonly number[] }[];
  readonly sums: { readonly W: readonly number[]; readonly b: readonly number[] };
  readonly rewards: number;
  readonly optimizer: State;
  readonly baseline: State;
}

/** A contextual bandit: chooses a headline for a visitor, and learns from what the visitor did. */
export interface Policy {
  choose(visitor: Float64Array): Decision;
  /** Whether the reward still counted: one of a generation that is long gone does not. */
  reward(decision: Decision, visitor: Float64Array, reward: number): boolean;
  checkpoint(): Checkpoint;
}

const logits = network(({ visitor, W, b }) => ({ logits: visitor.matmul(W).add(b) }), { W: [FEATURES, HEADLINES], b: [HEADLINES] }, { visitor: FEATURES });

/**
 * The policy is a softmax of a linear function of the visitor; its gradient is the score function's with a learned baseline, one sample for
 * each reward.
 *
 * Nothing is kept between a choice and its reward: a choice is a function of the weights and of `key(seed).fold(decision)`, so when the
 * reward comes it is proposed again, and is the same to the bit. The weights stand still for a generation, and the one before is kept for
 * rewards that come late.
 */
export function policy(seed: number, from?: Checkpoint): Policy {
  const grad: Gradient<{ W: readonly [number, number]; b: readonly [number] }, { logits: readonly [number] }, Float64Array> = gradient(
    expectation(given(categorical(HEADLINES), logits), remote()),
    scoreFunction({ baseline: linearBaseline({ visitor: FEATURES }, { rate: 0.02 }) }),
    { samples: 1 },
  );
  const weights: Weights[] = from?.weights.map(({ W, b }) => ({ W: Float64Array.from(W), b: Float64Array.from(b) })) ?? [{ W: new Float64Array(FEATURES * HEADLINES), b: new Float64Array(HEADLINES) }];
  const steps = optimization(adam({ rate: 0.15 }), weights.at(-1)!, { maximize: true });
  const sums = { W: Float64Array.from(from?.sums.W ?? new Float64Array(FEATURES * HEADLINES)), b: Float64Array.from(from?.sums.b ?? new Float64Array(HEADLINES)) };
  let [decisions, generation, rewards] = [from?.decisions ?? 0, from?.generation ?? 0, from?.rewards ?? 0];
  if (from !== undefined) {
    steps.state = from.optimizer;
    grad.state = from.baseline;
  }

  const proposed = (decision: number, at: Weights, visitor: Float64Array): number => grad.propose(at, key(seed).fold(decision), { context: { visitor } }).hard[0]!;

  function step(): void {
    const next = { W: weights.at(-1)!.W.slice(), b: weights.at(-1)!.b.slice() };
    for (const sum of Object.values(sums)) for (let i = 0; i < sum.length; i++) sum[i]! /= GENERATION;
    steps.step(next, sums);
    weights.push(next);
    if (weights.length > 2) weights.shift();
    generation++;
    rewards = 0;
    sums.W.fill(0);
    sums.b.fill(0);
  }

  return {
    choose(visitor) {
      const decision = decisions++;
      return { decision, generation, headline: proposed(decision, weights.at(-1)!, visitor) };
    },
    reward({ decision, generation: made, headline }, visitor, reward) {
      const at = weights[weights.length - 1 - (generation - made)];
      if (at === undefined || proposed(decision, at, visitor) !== headline) return false;
      const { gradient: g } = grad.combine({ hard: Float64Array.of(reward) });
      for (const name of ["W", "b"] as const) g[name].forEach((own, i) => (sums[name][i]! += own));
      if (++rewards === GENERATION) step();
      return true;
    },
    checkpoint: () => ({
      decisions,
      generation,
      weights: weights.map(({ W, b }) => ({ W: [...W], b: [...b] })),
      sums: { W: [...sums.W], b: [...sums.b] },
      rewards,
      optimizer: steps.state,
      baseline: grad.state,
    }),
  };
}
