import {
  disarm, enumerate, expectation, expression, gappedStraightThrough, gumbelSoftmax, leaveOneOut, measureValued, muProp, none, oneHotCategorical, rebar, relax, scoreFunction, straightThrough, sumAndSample, unorderedSet,
} from "../../src/index.ts";
import { antitheticChoices } from "./exact/choices.ts";
import { leavingOneOut, summing, withoutBaseline } from "./exact/compared.ts";
import { gradientOf } from "./exact/outcomes.ts";
import { withoutReplacement } from "./exact/sets.ts";
import type { Problem } from "./problem.ts";

const SIZE = 10;
const PLACES = Array.from({ length: SIZE }, (_, k) => k / (SIZE - 1));
const WORTH = PLACES.map((place) => (place - 0.45) ** 2);

/** A choice among ten whose probabilities fall by a factor of exp(−steep) from one to the next. */
export function choice(steep: number): Problem {
  const logits = PLACES.map((_, k) => -steep * k);
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b, 0);
  const probs = weights.map((w) => w / total);
  const outcomes = probs.map((p, k) => ({ p, f: WORTH[k]!, score: probs.map((q, j) => Number(j === k) - q) }));
  const mean = probs.reduce((sum, p, k) => sum + p * PLACES[k]!, 0);
  const left = outcomes.map((own, k) => ({ ...own, f: (PLACES[k]! - mean) ** 2 }));
  return {
    title: `A choice among ten, ${steep === 0 ? "all alike" : `P(x = k) falling as exp(−${steep} k)`}`,
    remark: "E (x − 0.45)² of one of the numbers 0, 1/9, … 1. Variances are sums over the ten logits.",
    objective: expectation(oneHotCategorical(SIZE), expression((x) => x.mul(PLACES).sum().sub(0.45).square())),
    params: { logits },
    gradient: gradientOf(outcomes),
    entries: [
      { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: withoutBaseline(outcomes) },
      { call: "scoreFunction()", by: scoreFunction(), exact: leavingOneOut(outcomes) },
      { call: "disarm()", by: disarm(), exact: antitheticChoices(probs, WORTH) },
      { call: "muProp()", by: muProp(), exact: leavingOneOut(left) },
      { call: "rebar()", by: rebar(), learns: true },
      { call: "rebar({ baseline: leaveOneOut() })", by: rebar({ baseline: leaveOneOut() }), learns: true },
      { call: "relax()", by: relax(), learns: true },
      { call: "measureValued()", by: measureValued({ base: false }) },
      { call: "sumAndSample({ terms: 5 })", by: sumAndSample({ terms: 5 }), exact: summing(outcomes, 5) },
      { call: "unorderedSet({ draws: 4 })", by: unorderedSet({ draws: 4 }), exact: withoutReplacement(outcomes, 4) },
      { call: "unorderedSet({ draws: 8 })", by: unorderedSet({ draws: 8 }), exact: withoutReplacement(outcomes, 8) },
      { call: "enumerate()", by: enumerate(), exact: () => PLACES.map(() => 0) },
      { call: "gumbelSoftmax({ temperature: 0.5 })", by: gumbelSoftmax({ temperature: 0.5 }) },
      { call: "gumbelSoftmax({ temperature: 0.5, hard: true })", by: gumbelSoftmax({ temperature: 0.5, hard: true }) },
      { call: "gappedStraightThrough({ temperature: 0.5 })", by: gappedStraightThrough({ temperature: 0.5 }) },
      { call: "straightThrough()", by: straightThrough() },
    ],
  };
}
