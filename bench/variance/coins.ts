import {
  arm, arms, bernoulli, disarm, enumerate, expectation, expression, gappedStraightThrough, gumbelSoftmax, leaveOneOut, movingAverage, muProp, type Node, none, perCoordinate, raoBlackwell, rebar, relax, scoreFunction, straightThrough,
  sumAndSample, unorderedSet,
} from "../../src/index.ts";
import { leavingOneOut, summing, withoutBaseline } from "./exact/compared.ts";
import { antithetic, augmented, avoiding } from "./exact/flips.ts";
import { flips, gradientOf } from "./exact/outcomes.ts";
import { withoutReplacement } from "./exact/sets.ts";
import type { Problem } from "./problem.ts";

interface Coins {
  readonly title: string;
  readonly remark: string;
  readonly logits: readonly number[];
  /** f, of numbers and of a traced x. */
  readonly worth: (x: readonly number[]) => number;
  readonly traced: (x: Node) => Node;
}

/** Three coins: eight outcomes, of which an estimate sees some. */
export function coins({ title, remark, logits, worth, traced }: Coins): Problem {
  const probs = logits.map((l) => 1 / (1 + Math.exp(-l)));
  const outcomes = flips(probs).map(({ p, x }) => ({ p, f: worth(x), score: x.map((bit, j) => bit - probs[j]!) }));
  return {
    title,
    remark: `${remark} Variances are sums over the three logits.`,
    objective: expectation(bernoulli(logits.length), expression(traced)),
    params: { logits },
    gradient: gradientOf(outcomes),
    entries: [
      { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: withoutBaseline(outcomes) },
      { call: "scoreFunction({ baseline: movingAverage() })", by: scoreFunction({ baseline: movingAverage() }), learns: true },
      { call: "scoreFunction({ baseline: perCoordinate() })", by: scoreFunction({ baseline: perCoordinate() }) },
      { call: "scoreFunction()", by: scoreFunction(), exact: leavingOneOut(outcomes) },
      { call: "arm()", by: arm(), exact: augmented(probs, worth) },
      { call: "disarm()", by: disarm(), exact: antithetic(probs, worth) },
      { call: "arms({ draws: 4 })", by: arms({ draws: 4 }), exact: avoiding(probs, worth, 4) },
      { call: "arms({ draws: 16 })", by: arms({ draws: 16 }) },
      { call: "muProp()", by: muProp() },
      { call: "rebar()", by: rebar(), learns: true },
      { call: "rebar({ baseline: leaveOneOut() })", by: rebar({ baseline: leaveOneOut() }), learns: true },
      { call: "relax()", by: relax(), learns: true },
      { call: "raoBlackwell({ coordinates: [0] })", by: raoBlackwell({ coordinates: [0] }) },
      { call: "sumAndSample({ terms: 4 })", by: sumAndSample({ terms: 4 }), exact: summing(outcomes, 4) },
      { call: "unorderedSet({ draws: 4 })", by: unorderedSet({ draws: 4 }), exact: withoutReplacement(outcomes, 4) },
      { call: "enumerate()", by: enumerate(), exact: () => logits.map(() => 0) },
      { call: "gumbelSoftmax({ temperature: 0.5 })", by: gumbelSoftmax({ temperature: 0.5 }) },
      { call: "gumbelSoftmax({ temperature: 0.5, hard: true })", by: gumbelSoftmax({ temperature: 0.5, hard: true }) },
      { call: "gappedStraightThrough({ temperature: 0.5 })", by: gappedStraightThrough({ temperature: 0.5 }) },
      { call: "straightThrough()", by: straightThrough() },
    ],
  };
}
