import { beforeAll, describe, expect, it } from "vitest";
import { diagnose } from "./diagnostics.ts";

const imports = `import { advise, arm, arms, batched, bernoulli, categorical, certify, differentiable, disarm, dreg, entropy, enumerate, expectation, expression, gappedStraightThrough, given, gradient, gumbelSoftmax, importanceBound, key, kl, lax, learnedControl, network, normal, pathwise, program, programGradient, rebar, relax, run, scoreFunction, sinkhorn, sinkhornSteps, stickingTheLanding, straightThrough, sumAndSample, uniform, unorderedSet, vimco } from "../../../src/index.ts";
const values = batched(() => {});
const slopes = differentiable(() => {});
const at = key(1);
`;

const refused: readonly [string, string][] = [
  ["gradient(expectation(bernoulli(3), slopes), pathwise(), { samples: 2 });", "Property 'path' is missing in type 'Bernoulli' but required in type 'Reparameterizable'"],
  ["gradient(expectation(normal(3), values), pathwise(), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(normal(3), values), disarm(), { samples: 2 });", "Property 'antithetic' is missing in type 'Normal' but required in type 'Antithetic'"],
  ["gradient(expectation(categorical(3), values), arms(), { samples: 2 });", "Property 'mutual' is missing in type 'Categorical' but required in type 'Binary'"],
  ["gradient(expectation(normal(3), values), enumerate(), { samples: 2 });", "Property 'support' is missing in type 'Normal' but required in type 'Finite'"],
  ["gradient(expectation(uniform(3), values), scoreFunction(), { samples: 2 });", "Property 'score' is missing in type 'Uniform' but required in type 'Scored'"],
  ["gradient(expectation(bernoulli(3), values), disarm(), { samples: 2 }).estimate({ mean: new Float64Array(3) }, at);", "'mean' does not exist in type"],
  ["gradient(expectation(bernoulli(3), values), disarm(), { samples: 2 }).estimate({ logits: new Float32Array(3) }, at);", "Type 'Float32Array<ArrayBuffer>' is not assignable to type 'Float64Array<ArrayBufferLike>'"],
  ["gradient(expectation(normal(3), values), scoreFunction(), { samples: 2 }).estimate({ mean: new Float64Array(3) }, at);", "Property 'logScale' is missing"],
  ["gradient(expectation(normal(3), values), unorderedSet({ draws: 2 }), { samples: 2 });", "Property 'support' is missing in type 'Normal' but required in type 'Finite'"],
  ["gradient(expectation(normal(3), values), sumAndSample({ terms: 2 }), { samples: 2 });", "Property 'support' is missing in type 'Normal' but required in type 'Finite'"],
  ["unorderedSet({});", "Property 'draws' is missing"],
  ["gradient(importanceBound(bernoulli(3), values, { particles: 2 }), disarm(), { samples: 2 });", `Type '"importance-bound"' is not assignable to type '"expectation"'`],
  ["gradient(expectation(bernoulli(3), values), vimco(), { samples: 2 });", `Type '"expectation"' is not assignable to type '"importance-bound"'`],
  ["gradient(importanceBound(bernoulli(3), slopes, { particles: 2 }), dreg(), { samples: 2 });", "Property 'path' is missing in type 'Bernoulli' but required in type 'Reparameterizable'"],
  ["gradient(importanceBound(bernoulli(3), slopes, { particles: 2 }), pathwise(), { samples: 2 });", "Property 'path' is missing in type 'Bernoulli' but required in type 'Reparameterizable'"],
  ["gradient(importanceBound(normal(3), values, { particles: 1 }), stickingTheLanding(), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(importanceBound(uniform(3), values, { particles: 2 }), vimco(), { samples: 2 });", "Property 'score' is missing in type 'Uniform' but required in type 'Scored'"],
  ["importanceBound(bernoulli(3), values, {});", "Property 'particles' is missing"],
  ["gradient(expectation(bernoulli(3), values), disarm(), { sample: 2 });", "'sample' does not exist in type"],
  ["gradient(expectation(normal(3), slopes), gumbelSoftmax({ temperature: 1 }), { samples: 2 });", "Property 'relaxation' is missing in type 'Normal' but required in type 'Relaxable'"],
  ["gradient(expectation(categorical(3), slopes), straightThrough(), { samples: 2 });", "Property 'centre' is missing in type 'Categorical' but required in type 'Centred'"],
  ["gradient(expectation(categorical(3), slopes), straightThrough({ temperature: 1 }), { samples: 2 });", "Property 'relaxation' is missing in type 'Categorical' but required in type 'Relaxable'"],
  ["gradient(expectation(normal(3), slopes), gappedStraightThrough({ temperature: 1 }), { samples: 2 });", "'Normal' is missing the following properties from type 'Gapped': gapped, relaxation"],
  ["gradient(expectation(bernoulli(3), values), gumbelSoftmax({ temperature: 1 }), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(bernoulli(3), values), rebar(), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(bernoulli(3), values), relax({ relaxed: {} }), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(categorical(3), values), relax(), { samples: 2 });", "'Categorical' is missing the following properties from type 'Conditional': conditional, relaxation"],
  ["gradient(expectation(bernoulli(3), values), lax(), { samples: 2 });", "Property 'path' is missing in type 'Bernoulli' but required in type 'Reparameterizable'"],
  ["learnedControl(expression((z, { w }) => z.dot(w), { w: [3] }), { v: [1, 2, 3] });", "'v' does not exist in type"],
  ["const exact: { readonly unbiased: true } = gumbelSoftmax({ temperature: 1 });", "Type 'false' is not assignable to type 'true'"],
  ["sinkhorn({ cost: new Float64Array(4), rowMarginals: new Float32Array(2) }, { rows: 2, columns: 2, regularization: 1 });", "No overload matches this call"],
  ["sinkhorn({ cost: new Float64Array(4), logits: new Float64Array(4) }, { rows: 2, columns: 2, regularization: 1 });", "No overload matches this call"],
  ["sinkhorn({ logits: new Float64Array(4) }, { rows: 2, columns: 2, temperature: 1 }).pullback({ plan: new Float64Array(4) }).cost;", "Property 'cost' does not exist on type"],
  ["sinkhorn({ logits: new Float32Array(4) }, { rows: 2, columns: 2, temperature: 1 }).pullback({ plan: new Float64Array(4) });", "Type 'Float64Array<ArrayBuffer>' is not assignable to type 'Float32Array<ArrayBuffer>'"],
  ["program<\"p\">(({ p }, draw) => draw.normal(p, 1, disarm()));", "ForDraws<\"disarm\">' is not assignable to parameter of type 'ForDraws<"],
  ["program<\"p\">(({ p }, draw) => draw.bernoulli(p, pathwise()));", "is not assignable to parameter of type 'ForDraws<"],
  ["program<\"p\">(({ p }, draw) => draw.bernoulli(p, arm()));", "Property 'onDraws' is missing in type 'Estimator<Antithetic, Integrand, \"expectation\">'"],
  ["run(program(({ p, x }, draw) => draw.normal(p, 1).mul(x), { p: [1] }, { x: 1 }), { p: 1 }, at, { lanes: 2 });", "Property 'x' is missing in type"],
  ["certify(importanceBound(bernoulli(3), values, { particles: 2 }), disarm(), { params: { logits: new Float64Array(3) }, key: at });", `Type '"importance-bound"' is not assignable to type '"expectation"'`],
  ["certify(expectation(normal(3), values), pathwise(), { params: { mean: new Float64Array(3), logScale: new Float64Array(3) }, key: at });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["certify(expectation(bernoulli(3), values), disarm(), { params: { logits: new Float64Array(3) }, key: at, against: 'hope' });", `Type '"hope"' is not assignable to type`],
  ["advise(expectation(normal(3), values), { params: { logits: new Float64Array(3) }, key: at });", "'logits' does not exist in type"],
  ["programGradient(program(({ p }, draw) => draw.normal(p, 1), { p: [1] }), { samples: 2 }).estimate({ q: new Float64Array(1) }, at);", "'q' does not exist in type"],
];

const accepted = `
gradient(expectation(normal(3), slopes), pathwise(), { samples: 2 }).estimate({ mean: new Float64Array(3), logScale: new Float64Array(3) }, at).gradient.logScale.reduce((a, b) => a + b);
gradient(expectation(normal(3), slopes), pathwise(), { samples: 2, precision: "f32" }).estimate({ mean: new Float32Array(3), logScale: new Float32Array(3) }, at).gradient.mean.map(Math.fround);
gradient(importanceBound(normal(3), slopes, { particles: 2 }), pathwise(), { samples: 2 }).estimate({ mean: new Float64Array(3), logScale: new Float64Array(3) }, at).gradient.logScale.reduce((a, b) => a + b);
gradient(importanceBound(normal(3), slopes, { particles: 2 }), scoreFunction(), { samples: 2 });
gradient(importanceBound(normal(3), slopes, { particles: 2 }), dreg(), { samples: 2 });
gradient(importanceBound(bernoulli(3), values, { particles: 2 }), vimco(), { samples: 2 });
gradient(expectation(categorical(3), values), arm(), { samples: 2 });
gradient(expectation(bernoulli(3), values), arms({ draws: 3 }), { samples: 2 });
const worst: number = certify(importanceBound(normal(3), slopes, { particles: 2 }), dreg(), { params: { mean: new Float64Array(3), logScale: new Float64Array(3) }, key: at, against: "quadrature" }).worst;
const best: string = advise(importanceBound(bernoulli(3), values, { particles: 2 }), { params: { logits: new Float64Array(3) }, key: at, biased: true, milliseconds: 50 }).best;
const linear = { control: batched(() => {}), mean: ({ mean }: { mean: ArrayLike<number> }) => ({ value: Float64Array.of(mean[0]!), gradient: { mean: Float64Array.of(1), logScale: Float64Array.of(0) } }) };
advise(expectation(normal(1), values), { params: { mean: new Float64Array(1), logScale: new Float64Array(1) }, key: at, controlVariates: { linear } });
const decoder = expression((z, { W }) => z.matmul(W).sum(), { W: [2, 5] });
const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [4, 2] }, { u: 4 });
const elbo = gradient(expectation(given(bernoulli(2), encoder), decoder, { minus: kl({ logits: new Float64Array(2) }), plus: entropy() }), disarm(), { samples: 2 });
const estimate = elbo.estimate({ U: new Float64Array(8), W: new Float64Array(10) }, at, { context: { u: new Float64Array(4) } });
const both: Float64Array[] = [estimate.gradient.U, estimate.gradient.W, estimate.standardError.logits];
const relaxed = gradient(expectation(given(bernoulli(2), encoder), decoder), gumbelSoftmax({ temperature: (step) => 1 / (1 + step), hard: true }), { samples: 2 });
const learned = gradient(expectation(bernoulli(2), values), relax({ controlVariate: learnedControl(expression((z, { w }) => z.dot(w), { w: [2] }), { w: [1, 2] }) }), { samples: 2 });
const biased: [false, readonly string[]] = [straightThrough().unbiased, relaxed.estimate({ U: new Float64Array(8), W: new Float64Array(10) }, at, { context: { u: new Float64Array(4) } }).biased];
learned.estimate({ logits: new Float64Array(2) }, at).gradient.logits.fill(0);
const matched = sinkhorn({ logits: new Float32Array(4) }, { rows: 2, columns: 2, temperature: 1 });
const singles: Float32Array[] = [matched.plan(), matched.pullback({ plan: new Float32Array(4) }).temperature, matched.rowPotentials];
async function last(): Promise<Float64Array | undefined> {
  for await (const { transport } of sinkhornSteps({ cost: new Float64Array(4) }, { rows: 2, columns: 2, regularization: 1, every: 5 })) return transport().pullback({ objective: new Float64Array(1) }).cost;
  return undefined;
}
const flips = programGradient(program(({ p, x }, draw) => draw.bernoulli(p, disarm()).add(draw.categorical(p, enumerate())).mul(draw.normal(x, 1, scoreFunction())), { p: [1] }, { x: 1 }), { samples: 2, precision: "f32" });
const single: Float32Array = flips.estimate({ p: new Float32Array(1) }, at, { context: { x: new Float32Array(1) } }).gradient.p;
export { best, biased, both, last, single, singles, worst };
`;

let diagnostics: ReturnType<typeof diagnose>;

beforeAll(() => {
  diagnostics = diagnose([...refused.map(([code]) => imports + code), imports + accepted]);
}, 60_000);

describe("the compiler", () => {
  it.each(refused.map(([code, message], i) => [code, message, i] as const))("refuses %s", (_, message, i) => {
    expect(diagnostics.get(i)).toContain(message);
  });

  it("accepts what fits, and knows the arrays that come back", () => {
    expect(diagnostics.get(refused.length)).toBeUndefined();
    expect(diagnostics.get("")).toBeUndefined();
  });
});
