import { describe, expect, it } from "vitest";
import {
  arm, arms, bernoulli, categorical, deltaMethod, disarm, type Distribution, enumerate, evolutionStrategies, expectation, expression, finiteDifferences, gappedStraightThrough, gradient, gumbelSoftmax,
  independent, joint, key, lax, measureValued, mixtureSameFamily, muProp, none, normal, oneHotCategorical, pathwise, perCoordinate, raoBlackwell, rebar, relax, scoreFunction, sobol, spsa, straightThrough, sumAndSample, transformed, unorderedSet,
} from "../../src/index.ts";
import { agrees, type Any, enumerated } from "./problems.ts";
import { replicates } from "./replicates.ts";

type Params = Readonly<Record<string, readonly number[]>>;

const values = { "score-function": scoreFunction({ baseline: none() }), "leave-one-out": scoreFunction(), "per coordinate": scoreFunction({ baseline: perCoordinate() }), spsa: spsa({ step: 0.1 }), "evolution strategies": evolutionStrategies({ scale: 0.1 }), "finite differences": finiteDifferences({ step: 0.1 }) };
const points = { "score of point sets": scoreFunction({ noise: sobol({ points: 4 }) }), ...Object.fromEntries((["same", "antithetic", "independent", "pilot"] as const).map((coupling) => [`measure-valued, ${coupling}`, measureValued({ coupling })])) };
const finite = { enumerate: enumerate(), "sum and sample": sumAndSample({ terms: 2 }), "unordered set": unorderedSet({ draws: 2 }), "rao-blackwell": raoBlackwell({ coordinates: [0] }) };
const pairs = { arm: arm(), disarm: disarm() };
const relaxed = {
  "gumbel-softmax": gumbelSoftmax({ temperature: 0.7 }), "hard gumbel-softmax": gumbelSoftmax({ temperature: 0.7, hard: true }), "straight-through": straightThrough(), "gapped straight-through": gappedStraightThrough({ temperature: 0.7 }),
  rebar: rebar(), "rebar of one temperature": rebar({ learn: ["eta"] }), relax: relax(), "mu-prop": muProp(),
};
const smooth = { pathwise: pathwise(), "pathwise of point sets": pathwise({ noise: sobol({ points: 4 }) }), "mu-prop": muProp(), "delta method": scoreFunction({ controlVariate: deltaMethod() }), lax: lax() };

const subjects: readonly (readonly [name: string, p: Distribution, params: Params, by: Readonly<Record<string, unknown>>])[] = [
  ["bernoulli(2)", bernoulli(2), { logits: [0.4, -0.7] }, { ...values, ...points, ...finite, ...pairs, ...relaxed, arms: arms(), "sets of flips": arms({ draws: 3 }) }],
  ["categorical(3)", categorical(3), { logits: [0.4, -0.7, 0.1] }, { ...values, ...points, ...finite, ...pairs }],
  ["oneHotCategorical(3)", oneHotCategorical(3), { logits: [0.4, -0.7, 0.1] }, { ...values, ...points, ...finite, ...pairs, ...relaxed }],
  ["normal(2)", normal(2), { mean: [0.4, -0.7], logScale: [-0.5, 0.2] }, { ...values, ...points, ...smooth }],
];

const cases = subjects.flatMap(([name, p, params, by]) => Object.entries(by).map(([title, one]) => [title, name, p, params, one as Any] as const));

/** No sum over coordinates, and smooth. */
const curved = expression((x) => x.sin().sum().mul(0.5).add(1).square().add(x.square().sum().mul(0.25)));

function estimates(p: Distribution, params: Params, by: Any, batch: number) {
  using grad = gradient(expectation(p, curved), by as never, { samples: 8, batch });
  const given = Object.fromEntries(Object.entries(params).map(([name, own]) => [name, Float64Array.from({ length: batch * own.length }, (_, i) => own[i % own.length]! * (1 + Math.floor(i / own.length)))]));
  return [1, 2].map((seed) => grad.estimate(given as never, key(seed)));
}

/** Numbers alike to rounding, however deep they lie. */
function near(seen: unknown, wanted: unknown, where = ""): void {
  if (typeof wanted === "number") expect(Object.is(seen, wanted) || Math.abs((seen as number) - wanted) <= 1e-13 * (1 + Math.abs(wanted)), `${where}: ${seen} for ${wanted}`).toBe(true);
  else if (typeof wanted === "object" && wanted !== null) for (const name of Object.keys(wanted)) near((seen as Record<string, unknown>)[name], (wanted as Record<string, unknown>)[name], `${where}.${name}`);
  else expect(seen, where).toEqual(wanted);
}

describe("what a family can, its copies can", () => {
  it.each(cases)("%s of %s: one copy has the same numbers but for rounding", (_, __, p, params, by) => {
    for (const batch of [1, 3]) {
      const [alone, copied] = [estimates(p, params, by, batch), estimates(independent(p, 1), params, by, batch)];
      alone.forEach((one, seed) => near(copied[seed], one));
    }
  });

  const twice = (params: Params): Params => Object.fromEntries(Object.entries(params).map(([name, own]) => [name, [...own, ...own.map((v) => -0.5 * v)]]));

  it.each(cases.filter(([, , p, , by]) => (p as { support?: unknown }).support !== undefined && (by as { unbiased?: boolean }).unbiased))("%s of two copies of %s is unbiased", (_, __, p, params, by) => {
    const copies = independent(p, 2);
    const truth = enumerated(copies, curved, twice(params));
    agrees(replicates(copies, curved, by, twice(params), { samples: 6, count: 3000 }), truth);
  });

  it.each(cases.filter(([, , p, , by]) => (p as { support?: unknown }).support !== undefined && (by as { unbiased?: boolean }).unbiased && (by as { name?: string }).name !== "arms"))("%s of %s beside another in a joint family is unbiased", (_, __, p, params, by) => {
    const both = joint({ a: p, b: p });
    const given = Object.fromEntries(Object.entries(params).flatMap(([name, own]) => [[`a.${name}`, own], [`b.${name}`, own.map((v) => -0.5 * v)]]));
    agrees(replicates(both, curved, by, given, { samples: 6, count: 3000 }), enumerated(both, curved, given));
  });

  it.each(Object.entries(smooth))("%s of two copies of normal(1), and of two in a joint family, says what it says of normal(2)", (_, by) => {
    const params = { mean: [0.4, -0.7], logScale: [-0.5, 0.2] };
    const given = { "a.mean": [0.4], "a.logScale": [-0.5], "b.mean": [-0.7], "b.logScale": [0.2] };
    const all = { samples: 40, count: 600 };
    const alone = replicates(normal(2), curved, by as Any, params, all);
    const copied = replicates(independent(normal(1), 2), curved, by as Any, params, all);
    const joined = replicates(joint({ a: normal(1), b: normal(1) }), curved, by as Any, given, all);
    for (const name of ["mean", "logScale"] as const) {
      alone.mean[name]!.forEach((g, j) => {
        const part = `${"ab"[j]}.${name}`;
        expect(Math.abs(copied.mean[name]![j]! - g)).toBeLessThan(4.5 * Math.hypot(alone.error[name]![j]!, copied.error[name]![j]!));
        expect(Math.abs(joined.mean[part]![0]! - g)).toBeLessThan(4.5 * Math.hypot(alone.error[name]![j]!, joined.error[part]![0]!));
      });
    }
  });

  it.each(["same", "antithetic", "independent", "pilot"] as const)("measure-valued derivatives of a map of normals, %s, are those of f behind the map", (coupling) => {
    const mapped = transformed(normal(2), "tanh");
    const params = { mean: [0.4, -0.7], logScale: [-0.5, 0.2] };
    const all = { samples: 40, count: 600 };
    const [seen, wanted] = [replicates(mapped, curved, measureValued({ coupling }) as Any, params, all), replicates(mapped, curved, pathwise() as Any, params, all)];
    for (const name of ["mean", "logScale"] as const) seen.mean[name]!.forEach((g, j) => expect(Math.abs(g - wanted.mean[name]![j]!)).toBeLessThan(4.5 * Math.hypot(seen.error[name]![j]!, wanted.error[name]![j]!)));
  });

  it("the path of a mixture of maps of normals: their distribution function goes through", () => {
    expect((mixtureSameFamily(transformed(normal(1), "exp"), 2) as { path?: unknown }).path).toBeDefined();
  });
});
