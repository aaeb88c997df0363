import { bernoulli, expectation, expression, given, gradient, type Gradient, key, type Key, lax, learnedControl, type LearnedControl, network, networkBaseline, normal, relax, remote, sample, scoreFunction, type Shapes } from "gradex";
import { PUSH, type State } from "./pole.ts";

export const FEATURES = 4;
export const HIDDEN = 16;

/** Parameters of a policy, by name. */
export type Weights = Record<string, Float64Array>;
export type PolicyGradient = Gradient<Shapes, Shapes, Float64Array>;

/** A way to learn: what an action is, and the estimator of the policy's gradient. */
export interface Agent {
  readonly name: string;
  readonly colour: string;
  /** The gradient of one action in one state. f is what comes after it: the world computes it. */
  readonly gradient: () => PolicyGradient;
  /** The push of an action, in newtons to the right. */
  readonly force: (action: number) => number;
  /** Where the policy begins: a random hidden layer, no preference. */
  readonly beginning: (own: Key) => Weights;
}

/** What the policy sees: the state, with each of its numbers brought to about 1. */
export const seen = ([position, velocity, angle, turning]: State): Float64Array => Float64Array.of(position / 2.4, velocity / 2, angle / 0.2, turning / 2);

const layers = { A: [FEATURES, HIDDEN], a: [HIDDEN], B: [HIDDEN, 1], b: [1] } as const;
/** The logit of a push to the right. */
const side = network(({ state, A, a, B, b }) => ({ logits: state.matmul(A).add(a).tanh().matmul(B).add(b) }), layers, { state: FEATURES });
/** Mean and log scale of a push, in units of the strongest. */
const strength = network(({ state, A, a, B, b, s }) => ({ mean: state.matmul(A).add(a).tanh().matmul(B).add(b), logScale: s }), { ...layers, s: [1] }, { state: FEATURES });

const sides = () => expectation(given(bernoulli(1), side), remote());
const strengths = () => expectation(given(normal(1), strength), remote());
const full = (action: number): number => (action > 0.5 ? PUSH : -PUSH);
const partial = (action: number): number => PUSH * Math.max(-1, Math.min(1, action));

const first = (own: Key): Weights => ({ A: weights(own.fold("A"), FEATURES * HIDDEN, 0.5), a: new Float64Array(HIDDEN), B: new Float64Array(HIDDEN), b: new Float64Array(1) });
const firstSpread = (own: Key): Weights => ({ ...first(own), s: Float64Array.of(-0.5) });

/** What the state alone predicts; it learns slowly: each of the 200 steps of an episode is a step of its learning. */
const baseline = () => networkBaseline({ state: FEATURES }, { hidden: [HIDDEN], rate: 0.002 });
/** For the same reason. */
const CONTROL_RATE = 0.0003;

/** c(z, state): a network of both, which begins as 0. `squash` bounds a latent, which may be large. */
function control(own: Key, squash: boolean): LearnedControl {
  const c = expression(
    (z, { P, Q, p, R, r, state }) => (squash ? z.mul(0.5).tanh() : z).matmul(Q).add(state.matmul(P)).add(p).tanh().matmul(R).add(r),
    { P: [FEATURES, HIDDEN], Q: [1, HIDDEN], p: [HIDDEN], R: [HIDDEN, 1], r: [1] },
    { state: FEATURES },
  );
  return learnedControl(c, { P: weights(own.fold("P"), FEATURES * HIDDEN, 0.5), Q: weights(own.fold("Q"), HIDDEN, 1), p: new Float64Array(HIDDEN), R: new Float64Array(HIDDEN), r: [0] });
}

function weights(own: Key, length: number, scale: number): Float64Array {
  const draws = sample(normal(1), { mean: Float64Array.of(0), logScale: Float64Array.of(Math.log(scale)) }, own, { samples: length });
  return Float64Array.from(draws);
}

export const agents: readonly Agent[] = [
  {
    name: "score function, left or right", colour: "#0072b2", force: full, beginning: first,
    gradient: () => gradient(sides(), scoreFunction({ baseline: baseline() }), { samples: 1 }) as unknown as PolicyGradient,
  },
  {
    name: "RELAX, left or right", colour: "#d55e00", force: full, beginning: first,
    gradient: () => gradient(sides(), relax({ baseline: baseline(), controlVariate: control(key("RELAX"), true), rate: CONTROL_RATE }), { samples: 1 }) as unknown as PolicyGradient,
  },
  {
    name: "score function, any strength", colour: "#0072b2", force: partial, beginning: firstSpread,
    gradient: () => gradient(strengths(), scoreFunction({ baseline: baseline() }), { samples: 1 }) as unknown as PolicyGradient,
  },
  {
    name: "LAX, any strength", colour: "#d55e00", force: partial, beginning: firstSpread,
    gradient: () => gradient(strengths(), lax({ baseline: baseline(), controlVariate: control(key("LAX"), false), rate: CONTROL_RATE }), { samples: 1 }) as unknown as PolicyGradient,
  },
];
