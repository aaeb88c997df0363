import { adam, key, type Key, optimization } from "gradex";
import { type Agent, type PolicyGradient, seen, type Weights } from "./agents.ts";
import { start, type State, step, STEPS, up } from "./pole.ts";

/** The pole is mastered when the last hundred episodes lasted this long on average: the rule of Gym's CartPole-v0. */
export const MASTERED = 195;
const WINDOW = 100;
/** Share of a reward that is left a step earlier. */
const DISCOUNT = 0.99;
/** Step size of Adam on the policy. */
const RATE = 0.02;

export interface Run {
  readonly agent: string;
  /** How long each episode lasted. */
  readonly lengths: readonly number[];
  /** The episode after which the last hundred were mastered; undefined if none was. */
  readonly solved: number | undefined;
}

export interface TrainOptions {
  readonly seed: number;
  readonly episodes: number;
  readonly onEpisode?: (episode: number, average: number) => void;
}

/**
 * One agent learns until it masters the pole or its episodes are spent: a step of Adam after each episode, along the mean of its
 * actions' gradients. (The mean, not the sum: a long episode must not push harder than a short one, of which there is more to learn.)
 */
export function train(agent: Agent, { seed, episodes, onEpisode }: TrainOptions): Run {
  using grad = agent.gradient();
  const own = key("cart-pole").fold(seed);
  const params = agent.beginning(own.fold("policy"));
  const optimizer = optimization(adam({ rate: RATE }), params, { maximize: true });
  const lengths: number[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const states = play(agent, grad, params, own.fold(episode));
    const sums = policyGradient(grad, params, own.fold(episode), states.map(seen), returns(states.length));
    for (const sum of Object.values(sums)) for (let i = 0; i < sum.length; i++) sum[i]! /= states.length;
    optimizer.step(params, sums);
    lengths.push(states.length);
    const average = mean(lengths.slice(-WINDOW));
    onEpisode?.(episode + 1, average);
    if (lengths.length >= WINDOW && average >= MASTERED) return { agent: agent.name, lengths, solved: lengths.length };
  }
  return { agent: agent.name, lengths, solved: undefined };
}

/** The states of an episode in which an action was due; action t is proposed under `own.fold(t)`. */
export function play(agent: Agent, grad: PolicyGradient, params: Weights, own: Key): readonly State[] {
  const states: State[] = [];
  let state = start(own.fold("start").split(4).map(({ low }) => low / 2 ** 32));
  for (let t = 0; t < STEPS && up(state); t++) {
    states.push(state);
    const { hard } = grad.propose(params, own.fold(t), { context: { state: seen(state) } });
    state = step(state, agent.force(hard[0]!));
  }
  return states;
}

/**
 * The sum over the actions of an episode of the gradient of what came after each. Each action is proposed again, now that its return is known: the same
 * key, the same action. All are judged by what baseline and control variate knew before the episode, and these learn from it only afterwards: the
 * return of one action tells of the next, so that a baseline which learned from it would no longer be independent of that one.
 *
 * @param toGo  what was earned from each state on
 */
export function policyGradient(grad: PolicyGradient, params: Weights, own: Key, states: readonly Float64Array[], toGo: readonly number[]): Weights {
  const sums = Object.fromEntries(Object.entries(params).map(([name, array]) => [name, new Float64Array(array.length)]));
  const before = grad.state;
  const judged = (t: number) => {
    grad.propose(params, own.fold(t), { context: { state: states[t]! } });
    return grad.combine({ hard: Float64Array.of(toGo[t]!) }).gradient;
  };
  states.forEach((_, t) => {
    const gradient = judged(t);
    grad.state = before;
    for (const [name, sum] of Object.entries(sums)) (gradient[name] as Float64Array).forEach((g, i) => (sum[i]! += g));
  });
  states.forEach((_, t) => judged(t));
  return sums;
}

/** What comes after each step of an episode: nothing while the pole is up and −1 when it falls, the later the less. Time that runs out is no fall. */
export function returns(length: number): readonly number[] {
  return Array.from({ length }, (_, t) => (length < STEPS ? -(DISCOUNT ** (length - 1 - t)) : 0));
}

export const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x / numbers.length, 0);
