/**
 * One long computation, told as one hash a line: what every runtime must print alike, to the last bit.
 * It is given the package and imports none of it, so that any runtime or bundler can run it.
 */
import type { Points } from "../../src/index.ts";
import type { Case } from "./case.ts";
import { BASIC_CASES } from "./cases.ts";
import { ESTIMATOR_CASES } from "./estimator-cases.ts";
import { hasher } from "./hash.ts";
import { PROGRAM_CASES } from "./program-cases.ts";
import { REPORT_CASES } from "./report-cases.ts";
import { BATCH, estimators, families, type Family, type Gradex, integrand, parameters, PRECISIONS } from "./subjects.ts";
import { TRANSPORT_CASES } from "./transport-cases.ts";

/** What is not found by its kind, as families and estimators are. */
export const CASES: readonly Case[] = [...BASIC_CASES, ...ESTIMATOR_CASES, ...PROGRAM_CASES, ...TRANSPORT_CASES, ...REPORT_CASES];

/** Draws over three chunks of the stream, and what is known of them in closed form. */
export function* draws(gradex: Gradex, name: string, p: Family): Generator<Case> {
  for (const precision of PRECISIONS) {
    const theta = parameters(p, precision);
    const options = { samples: 800, batch: BATCH };
    const x = gradex.sample(p, theta, gradex.key(name), options);
    yield [`sample ${name} ${precision}`, () => x];
    if (p.logProb !== undefined) yield [`logProb ${name} ${precision}`, () => gradex.logProb(p as never, theta as never, x, { batch: BATCH })];
    if (p.score !== undefined) yield [`score ${name} ${precision}`, () => gradex.score(p as never, theta as never, x, { batch: BATCH })];
    if (p.moments !== undefined) yield [`mean, variance ${name} ${precision}`, () => [gradex.mean, gradex.variance].map((of) => of(p as never, theta as never, { batch: BATCH }))];
    if (p.entropy !== undefined) yield [`entropyOf ${name} ${precision}`, () => gradex.entropyOf(p as never, theta as never, { batch: BATCH })];
    if (p.divergence !== undefined) yield [`klOf ${name} ${precision}`, () => gradex.klOf(p as never, theta as never, first(theta) as never, { batch: BATCH })];
  }
}

/** The parameters of the first problem. */
const first = (theta: Record<string, Points>): Record<string, Points> => Object.fromEntries(Object.entries(theta).map(([name, numbers]) => [name, numbers.slice(0, numbers.length / BATCH)]));

/** Every estimator on every family that has what it asks for: twice, because estimators learn. */
function* estimates(gradex: Gradex, name: string, p: Family): Generator<Case> {
  for (const [by, estimator] of estimators(gradex)) {
    for (const precision of PRECISIONS) {
      const f = integrand(gradex);
      for (const [of, objective] of [["", gradex.expectation(p, f)], ["bound by ", gradex.importanceBound(p, f, { particles: by === "stickingTheLanding" ? 1 : 3 })]] as const) {
        let grad;
        try {
          grad = gradex.gradient(objective as never, estimator as never, { samples: 40, batch: BATCH, precision });
        } catch (error) {
          if (error instanceof TypeError) continue; // the family lacks what it takes, or it estimates the other
          throw error;
        }
        const theta = parameters(p, precision);
        yield [`${of}${by} ${name} ${precision}`, ({ key }) => [0, 1].map((step) => grad.estimate(theta as never, key(by).fold(step)))];
        grad.dispose();
      }
    }
  }
}

export async function digest(gradex: Gradex): Promise<string> {
  const lines: string[] = [];
  const all = hasher();
  const cases = families(gradex).flatMap(([name, p]) => [draws, estimates].map((of) => of(gradex, name, p)));
  for (const group of [CASES, ...cases]) {
    for (const [name, compute] of group) {
      const hash = hasher();
      hash.take(await compute(gradex));
      lines.push(`${hash.hex()}  ${name}`);
      all.take(hash.hex());
    }
  }
  return [...lines, `${all.hex()}  all`].join("\n");
}
