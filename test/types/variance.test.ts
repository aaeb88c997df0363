import { beforeAll, describe, expect, it } from "vitest";
import { diagnose } from "./diagnostics.ts";

const imports = `import { antithetic, arms, batched, bernoulli, categorical, deltaMethod, differentiable, disarm, evolutionStrategies, expectation, expression, finiteDifferences, given, gradient, gumbel, halton, importanceBound, independent, joint, key, measureValued, movingAverage, multivariateNormal, muProp, network, normal, oneHotCategorical, pathwise, perCoordinate, raoBlackwell, rebar, scoreFunction, sobol, spsa, stickingTheLanding, straightThrough, stratified, transformed, uniform } from "../../../src/index.ts";
const values = batched(() => {});
const slopes = differentiable(() => {});
const formula = expression((x) => x.sum());
const noise = sobol({ points: 8 });
const { quantile, ...bare } = normal(3);
`;

const refused: readonly [string, string][] = [
  ["gradient(expectation(gumbel(3), values), measureValued(), { samples: 2 });", "Property 'weak' is missing in type 'Gumbel' but required in type 'Measurable'"],
  ["measureValued({ coupling: \"tied\" });", "Type '\"tied\"' is not assignable to type"],
  ["gradient(expectation(bare, slopes), pathwise({ noise }), { samples: 2 });", "Property 'quantile' is missing in type"],
  ["gradient(expectation(bare, values), scoreFunction({ noise }), { samples: 2 });", "required in type 'Invertible'"],
  ["gradient(expectation(bare, values), spsa({ noise }), { samples: 2 });", "required in type 'Invertible'"],
  ["gradient(expectation(bare, values), finiteDifferences({ noise }), { samples: 2 });", "required in type 'Invertible'"],
  ["gradient(expectation(bare, values), evolutionStrategies({ noise }), { samples: 2 });", "required in type 'Invertible'"],
  ["gradient(expectation(bare, values), measureValued({ noise }), { samples: 2 });", "required in type 'Invertible'"],
  ["gradient(expectation(normal(3), values), pathwise({ noise }), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(bernoulli(3), formula), scoreFunction({ controlVariate: deltaMethod() }), { samples: 4 });", "Property 'quadratic' is missing in type 'Bernoulli' but required in type 'Quadratic'"],
  ["gradient(expectation(normal(3), slopes), scoreFunction({ controlVariate: deltaMethod() }), { samples: 4 });", "'Differentiable' is missing the following properties from type 'TwiceDifferentiable<Readonly<Record<string, readonly number[]>>>': twice, formula, context, params"],
  ["gradient(expectation(categorical(3), slopes), muProp(), { samples: 2 });", "Property 'centre' is missing in type 'Categorical' but required in type 'Centred'"],
  ["gradient(expectation(bernoulli(3), values), muProp(), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(normal(3), values), raoBlackwell({ coordinates: [0] }), { samples: 2 });", "Property 'variable' is missing in type 'Normal' but required in type 'Separable'."],
  ["raoBlackwell({ coordinates: [0], baseline: perCoordinate() });", "Property 'bind' is missing in type 'CoordinateBaseline' but required in type 'Baseline'"],
  ["gradient(expectation(joint({ w: normal(1), u: normal(2) }), values), raoBlackwell({ coordinates: [0] }), { samples: 2 });", "Property 'variable' is missing"],
  ["gradient(expectation(transformed(normal(1), \"exp\"), slopes), muProp(), { samples: 2 });", "Property 'centre' is missing"],
  ["stickingTheLanding({ biased: false });", "Type 'false' is not assignable to type 'true'"],
  ["sobol();", "Expected 1 arguments, but got 0"],
];

const accepted = `
gradient(expectation(normal(3), values), measureValued({ coupling: "pilot" }), { samples: 2 }).estimate({ mean: new Float64Array(3), logScale: new Float64Array(3) }, key(1)).gradient.logScale.fill(0);
for (const by of [spsa(), evolutionStrategies({ shaping: "ranks" }), finiteDifferences({ step: 0.1 })]) gradient(expectation(uniform(3), values), by, { samples: 2 });
for (const points of [sobol({ points: 8 }), halton({ points: 9 }), stratified({ points: 7 }), antithetic()]) gradient(expectation(normal(3), slopes), pathwise({ noise: points }), { samples: 2 });
gradient(expectation(bernoulli(3), values), scoreFunction({ noise, baseline: movingAverage() }), { samples: 2 });
gradient(expectation(multivariateNormal(3), formula), scoreFunction({ controlVariate: deltaMethod(), baseline: perCoordinate() }), { samples: 4 });
gradient(expectation(bernoulli(3), slopes), muProp(), { samples: 2 });
gradient(expectation(bernoulli(3), values), raoBlackwell({ coordinates: [0, 2] }), { samples: 2 });
gradient(expectation(bernoulli(3), slopes), muProp({ baseline: perCoordinate() }), { samples: 2 });
gradient(expectation(independent(bernoulli(1), 3), slopes), muProp({ noise }), { samples: 2 });
gradient(expectation(independent(bernoulli(1), 3), slopes), straightThrough({ noise }), { samples: 2 });
for (const by of [arms(), disarm(), measureValued()]) gradient(expectation(independent(bernoulli(1), 3), values), by, { samples: 2 });
gradient(expectation(joint({ a: bernoulli(2), b: oneHotCategorical(3) }), slopes), rebar(), { samples: 2 });
gradient(expectation(joint({ z: bernoulli(2), w: normal(1) }), values), raoBlackwell({ coordinates: ["z"] }), { samples: 2 });
gradient(expectation(transformed(normal(1), { scale: 2 }), slopes), muProp(), { samples: 2 });
const said: false = stickingTheLanding({ biased: true }).unbiased;
gradient(importanceBound(normal(1), slopes, { particles: 4 }), stickingTheLanding({ biased: true }), { samples: 2 });
const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [4, 2] }, { u: 4 });
gradient(expectation(given(bernoulli(2), encoder), formula), muProp(), { samples: 2 }).estimate({ U: new Float64Array(8) }, key(1), { context: { u: new Float64Array(4) } });
`;

let diagnostics: ReturnType<typeof diagnose>;

beforeAll(() => {
  diagnostics = diagnose([...refused.map(([code]) => imports + code), imports + accepted]);
}, 60_000);

describe("the compiler", () => {
  it.each(refused.map(([code, message], i) => [code, message, i] as const))("refuses %s", (_, message, i) => {
    expect(diagnostics.get(i)).toContain(message);
  });

  it("accepts what fits", () => {
    expect(diagnostics.get(refused.length)).toBeUndefined();
    expect(diagnostics.get("")).toBeUndefined();
  });
});
