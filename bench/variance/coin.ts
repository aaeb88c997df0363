import {
  arm, arms, bernoulli, disarm, enumerate, expectation, expression, gappedStraightThrough, gumbelSoftmax, leaveOneOut, measureValued, movingAverage, muProp, none, raoBlackwell, rebar, relax, scoreFunction, straightThrough, sumAndSample, unorderedSet,
} from "../../src/index.ts";
import { leavingOneOut, withoutBaseline } from "./exact/compared.ts";
import { antithetic, augmented, avoiding } from "./exact/flips.ts";
import { flips, gradientOf, over, variance } from "./exact/outcomes.ts";
import { relaxedVariance } from "./exact/relaxed.ts";
import type { Problem } from "./problem.ts";

const TARGET = 0.45;
const worth = (x: readonly number[]): number => (x[0]! - TARGET) ** 2;
const slope = (x: number): number => 2 * (x - TARGET);
const zero = (): number[] => [0];

/** The slope of the softened logit, moved so far that it agrees with the draw by a gap of 1. */
function gapped(logit: number, x: number, temperature: number): number {
  const moved = x === 1 ? Math.max(logit, 1) : Math.min(logit, -1);
  const y = 1 / (1 + Math.exp(-moved / temperature));
  return (y * (1 - y)) / temperature;
}

export function coin(p: number): Problem {
  const logit = Math.log(p / (1 - p));
  const outcomes = flips([p]).map((flip) => ({ p: flip.p, f: worth(flip.x), score: [flip.x[0]! - p] }));
  const left = outcomes.map((own, x) => ({ ...own, f: worth([x]) - slope(p) * (x - p) }));
  return {
    title: `One coin, p = ${p}`,
    remark: `E (x − 0.45)², by the logit: the toy of Tucker et al. 2017. The gradient is ${gradientOf(outcomes)[0]!.toPrecision(2)}.`,
    objective: expectation(bernoulli(1), expression((x) => x.sub(TARGET).square().sum())),
    params: { logits: [logit] },
    gradient: gradientOf(outcomes),
    entries: [
      { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: withoutBaseline(outcomes) },
      { call: "scoreFunction({ baseline: movingAverage() })", by: scoreFunction({ baseline: movingAverage() }), learns: true },
      { call: "scoreFunction()", by: scoreFunction(), exact: leavingOneOut(outcomes) },
      { call: "arm()", by: arm(), exact: augmented([p], worth) },
      { call: "disarm()", by: disarm(), exact: antithetic([p], worth) },
      { call: "arms({ draws: 4 })", by: arms({ draws: 4 }), exact: avoiding([p], worth, 4) },
      { call: "arms({ draws: 16 })", by: arms({ draws: 16 }), exact: avoiding([p], worth, 16) },
      { call: "muProp()", by: muProp(), exact: leavingOneOut(left) },
      { call: "rebar()", by: rebar(), learns: true },
      { call: "rebar({ baseline: leaveOneOut() })", by: rebar({ baseline: leaveOneOut() }), learns: true },
      { call: "relax()", by: relax(), learns: true },
      { call: "measureValued()", by: measureValued({ base: false }), exact: zero },
      { call: "raoBlackwell({ coordinates: [0] })", by: raoBlackwell({ coordinates: [0] }), exact: zero },
      { call: "sumAndSample({ terms: 1 })", by: sumAndSample({ terms: 1 }), exact: zero },
      { call: "unorderedSet({ draws: 2 })", by: unorderedSet({ draws: 2 }), exact: zero },
      { call: "enumerate()", by: enumerate(), exact: zero },
      { call: "gumbelSoftmax({ temperature: 0.5 })", by: gumbelSoftmax({ temperature: 0.5 }), exact: relaxedVariance(logit, slope, 0.5, false) },
      { call: "straightThrough({ temperature: 0.5 })", by: straightThrough({ temperature: 0.5 }), exact: relaxedVariance(logit, slope, 0.5, true) },
      {
        call: "gappedStraightThrough({ temperature: 0.5 })", by: gappedStraightThrough({ temperature: 0.5 }),
        exact: (n) => over(n, variance(outcomes.map((own, x) => ({ ...own, x })), ({ x }) => [slope(x) * gapped(logit, x, 0.5)])),
      },
      { call: "straightThrough()", by: straightThrough(), exact: (n) => over(n, variance(outcomes.map((own, x) => ({ ...own, x })), ({ x }) => [slope(x) * p * (1 - p)])) },
    ],
  };
}
