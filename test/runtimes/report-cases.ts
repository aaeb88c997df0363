import type { Precision } from "../../src/index.ts";
import { array, both, type Case } from "./case.ts";
import { BATCH, type Gradex, integrand } from "./subjects.ts";

/** What is made of estimates: pooled, observed, tested, compared. */
export const REPORT_CASES: readonly Case[] = [
  ...both("pool and merge", pooled),
  ...both("telemetry", observed),
  ["certify", (gradex) => {
    const { bernoulli, certify, disarm, expectation, gamma, importanceBound, key, normal, pathwise } = gradex;
    const few = { samples: 16, rounds: 16 };
    const coins = (["enumeration", "differences"] as const).map((against) => certify(expectation(bernoulli(2), integrand(gradex)), disarm(), { params: { logits: array("f64", 2) }, key: key(50), against, ...few }));
    const bell = certify(expectation(normal(2), integrand(gradex)), pathwise(), { params: { mean: array("f64", 2), logScale: array("f64", 2) }, key: key(51), step: 0.1, ...few });
    const bound = certify(importanceBound(gamma(1), integrand(gradex), { particles: 2 }), pathwise(), { params: { logConcentration: array("f64", 1), logRate: array("f64", 1) }, key: key(54), ...few });
    return [...coins, bell, bound].map((certificate) => [certificate, String(certificate)]);
  }],
  ["advise, but for its times", (gradex) => {
    const { advise, bernoulli, expectation, key } = gradex;
    const { best, ranking } = advise(expectation(bernoulli(3), integrand(gradex)), { params: { logits: array("f64", 3) }, key: key(52), evaluations: 2048, by: "evaluations" });
    return [best, ranking.map((row) => ({ ...row, milliseconds: 0 }))];
  }],
];

/** Rounds of one run in two parts, one of them sent as JSON; and estimates from elsewhere. */
function pooled(gradex: Gradex, precision: Precision): unknown {
  const { bernoulli, disarm, expectation, gradient, key, merge, scoreFunction } = gradex;
  const objective = expectation(bernoulli(3), integrand(gradex));
  const params = { logits: array(precision, 3 * BATCH) as Float64Array };
  using score = gradient(objective, scoreFunction(), { samples: 12, batch: BATCH, precision });
  using pairs = gradient(objective, disarm(), { samples: 9, batch: BATCH, precision });
  const [first, last] = [score.pool(params, key(53), { rounds: 5 }), score.pool(params, key(53), { first: 5, rounds: 8 })];
  const whole = merge([JSON.parse(JSON.stringify(last)), first]);
  return [whole, JSON.stringify(whole), merge([score.estimate(params, key(54)), pairs.estimate(params, key(55))])];
}

function observed(gradex: Gradex, precision: Precision): unknown {
  const { disarm, expectation, bernoulli, gradient, key, telemetry } = gradex;
  using grad = gradient(expectation(bernoulli(3), integrand(gradex)), disarm(), { samples: 8, batch: BATCH, precision });
  const params = { logits: array(precision, 3 * BATCH) as Float64Array };
  let seen = telemetry({ decay: 0.9, history: 8 });
  for (let step = 0; step < 20; step++) {
    seen.observe(grad.estimate(params, key(56).fold(step)));
    if (step === 9) seen = telemetry({ decay: 0.9, history: 8 }, JSON.parse(JSON.stringify(seen)));
  }
  return [seen.toJSON(), seen.moments, seen.history, seen.chart()];
}
