import {
  arm, arms, bernoulli, disarm, enumerate, expectation, expression, gumbelSoftmax, movingAverage, muProp, none, perCoordinate, raoBlackwell, rebar, relax, scoreFunction, straightThrough, sumAndSample, unorderedSet,
} from "../../src/index.ts";
import { leavingOneOut, summing, withoutBaseline } from "./exact/compared.ts";
import { antithetic, augmented, avoiding } from "./exact/flips.ts";
import { flips, gradientOf } from "./exact/outcomes.ts";
import { withoutReplacement } from "./exact/sets.ts";
import type { Problem } from "./problem.ts";

const WEIGHTS = [[1.2, -0.6, 0.3, -0.9], [-0.4, 0.8, -1.1, 0.7], [0.5, 0.1, 0.9, -1.5]];
const BIAS = [0.1, -0.2, 0.3, 0];
const COUNTS = [3, 1, 4, 1];
const WORDS = COUNTS.reduce((a, b) => a + b, 0);
const LOGITS = [0.5, -0.3, 0.2];

/** log p(document | x) without its multinomial coefficient. */
function worth(x: readonly number[]): number {
  const eta = BIAS.map((own, word) => x.reduce((sum, bit, topic) => sum + bit * WEIGHTS[topic]![word]!, own));
  return eta.reduce((sum, e, word) => sum + COUNTS[word]! * e, 0) - WORDS * Math.log(eta.reduce((sum, e) => sum + Math.exp(e), 0));
}

const f = expression((x) => {
  const eta = BIAS.map((own, word) => x.mul(WEIGHTS.map((topic) => topic[word]!)).sum().add(own));
  const linear = eta.map((e, word) => e.mul(COUNTS[word]!)).reduce((a, b) => a.add(b));
  return linear.sub(eta.map((e) => e.exp()).reduce((a, b) => a.add(b)).log().mul(WORDS));
});

export function topic(): Problem {
  const probs = LOGITS.map((l) => 1 / (1 + Math.exp(-l)));
  const outcomes = flips(probs).map(({ p, x }) => ({ p, f: worth(x), score: x.map((bit, j) => bit - probs[j]!) }));
  return {
    title: "Three coins that explain a document",
    remark: "E log p(document | x), x three topics that are there or not, four words counted 3, 1, 4, 1. Variances are sums over the three logits.",
    objective: expectation(bernoulli(3), f),
    params: { logits: LOGITS },
    gradient: gradientOf(outcomes),
    entries: [
      { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: withoutBaseline(outcomes) },
      { call: "scoreFunction({ baseline: movingAverage() })", by: scoreFunction({ baseline: movingAverage() }), learns: true },
      { call: "scoreFunction({ baseline: perCoordinate() })", by: scoreFunction({ baseline: perCoordinate() }) },
      { call: "scoreFunction()", by: scoreFunction(), exact: leavingOneOut(outcomes) },
      { call: "arm()", by: arm(), exact: augmented(probs, worth) },
      { call: "disarm()", by: disarm(), exact: antithetic(probs, worth) },
      { call: "arms({ draws: 4 })", by: arms({ draws: 4 }), exact: avoiding(probs, worth, 4) },
      { call: "muProp()", by: muProp() },
      { call: "rebar()", by: rebar(), learns: true },
      { call: "relax()", by: relax(), learns: true },
      { call: "raoBlackwell({ coordinates: [0] })", by: raoBlackwell({ coordinates: [0] }) },
      { call: "sumAndSample({ terms: 4 })", by: sumAndSample({ terms: 4 }), exact: summing(outcomes, 4) },
      { call: "unorderedSet({ draws: 4 })", by: unorderedSet({ draws: 4 }), exact: withoutReplacement(outcomes, 4) },
      { call: "enumerate()", by: enumerate(), exact: () => [0, 0, 0] },
      { call: "gumbelSoftmax({ temperature: 0.5 })", by: gumbelSoftmax({ temperature: 0.5 }) },
      { call: "straightThrough()", by: straightThrough() },
    ],
  };
}
