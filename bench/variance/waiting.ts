import { evolutionStrategies, expectation, expression, finiteDifferences, gamma, measureValued, none, pathwise, perCoordinate, scoreFunction } from "../../src/index.ts";
import { leavingOneOut, withoutBaseline } from "./exact/compared.ts";
import { gradientOf } from "./exact/outcomes.ts";
import type { Problem } from "./problem.ts";

const CONCENTRATION = 2;
const DIGAMMA = 0.4227843350984671; // ψ(2) = 1 − Euler's constant

/** Nodes at equal distances of log x, where the density of x and its tails are smooth. */
const outcomes = Array.from({ length: 1200 }, (_, i) => {
  const log = (i - 1000) / 40;
  const x = Math.exp(log);
  return { p: Math.exp(CONCENTRATION * log - x) / 40, f: (x - 1) ** 2, score: [CONCENTRATION * (log - DIGAMMA), CONCENTRATION - x] };
});

/** A gamma variable, whose path is implicit and whose weak derivatives are gamma variables again. */
export const waiting = (): Problem => ({
  title: "(x − 1)², x a gamma variable",
  remark: "Concentration 2, rate 1, by the logarithms of both.",
  objective: expectation(gamma(1), expression((x) => x.sub(1).square().sum())),
  params: { logConcentration: [Math.log(CONCENTRATION)], logRate: [0] },
  gradient: gradientOf(outcomes),
  entries: [
    { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: withoutBaseline(outcomes) },
    { call: "scoreFunction()", by: scoreFunction(), exact: leavingOneOut(outcomes) },
    { call: "scoreFunction({ baseline: perCoordinate() })", by: scoreFunction({ baseline: perCoordinate() }) },
    { call: "measureValued()", by: measureValued({ base: false }) },
    { call: "pathwise()", by: pathwise() },
    { call: "finiteDifferences()", by: finiteDifferences() },
    { call: "evolutionStrategies()", by: evolutionStrategies() },
  ],
});
