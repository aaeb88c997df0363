import { antithetic, deltaMethod, evolutionStrategies, expectation, expression, finiteDifferences, halton, lax, measureValued, none, normal, pathwise, perCoordinate, scoreFunction, sobol, spsa, stratified } from "../../src/index.ts";
import { leavingOneOut, withoutBaseline } from "./exact/compared.ts";
import { along, normalOutcomes, weak } from "./exact/normal.ts";
import { gradientOf } from "./exact/outcomes.ts";
import type { Problem } from "./problem.ts";

/** E cos(k x) of x ~ N(1, 1). */
export function wave(k: number): Problem {
  const f = (x: number): number => Math.cos(k * x);
  const outcomes = normalOutcomes(1, 1, f);
  const points = sobol({ points: 16 });
  return {
    title: `cos(${k} x), x ~ N(1, 1)`,
    remark: "By mean and logScale, the problem of Mohamed et al. 2020.",
    objective: expectation(normal(1), expression((x) => x.mul(k).cos().sum())),
    params: { mean: [1], logScale: [0] },
    gradient: gradientOf(outcomes),
    entries: [
      { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: withoutBaseline(outcomes) },
      { call: "scoreFunction()", by: scoreFunction(), exact: leavingOneOut(outcomes) },
      { call: "scoreFunction({ baseline: perCoordinate() })", by: scoreFunction({ baseline: perCoordinate() }) },
      { call: "scoreFunction({ controlVariate: deltaMethod() })", by: scoreFunction({ controlVariate: deltaMethod() }) },
      { call: "scoreFunction({ noise: sobol({ points: 16 }) })", by: scoreFunction({ noise: points }) },
      { call: "lax()", by: lax(), learns: true },
      { call: 'measureValued({ coupling: "same" })', by: measureValued({ coupling: "same", base: false }), exact: weak(1, 1, f, true) },
      { call: 'measureValued({ coupling: "independent" })', by: measureValued({ coupling: "independent", base: false }), exact: weak(1, 1, f, false) },
      { call: 'measureValued({ coupling: "antithetic" })', by: measureValued({ coupling: "antithetic", base: false }) },
      { call: "pathwise()", by: pathwise(), exact: along(1, 1, (x) => -k * Math.sin(k * x)) },
      { call: "pathwise({ noise: antithetic() })", by: pathwise({ noise: antithetic() }) },
      { call: "pathwise({ noise: sobol({ points: 16 }) })", by: pathwise({ noise: points }) },
      { call: "pathwise({ noise: halton({ points: 16 }) })", by: pathwise({ noise: halton({ points: 16 }) }) },
      { call: "pathwise({ noise: stratified({ points: 16 }) })", by: pathwise({ noise: stratified({ points: 16 }) }) },
      { call: "evolutionStrategies()", by: evolutionStrategies() },
      { call: "evolutionStrategies({ scale: 0.5 })", by: evolutionStrategies({ scale: 0.5 }) },
      { call: "finiteDifferences()", by: finiteDifferences() },
      { call: "spsa()", by: spsa() },
      { call: "spsa({ step: 0.5 })", by: spsa({ step: 0.5 }) },
    ],
  };
}
