import { describe, expect, it } from "vitest";
import {
  cauchy, differentiable, type Distribution, type Estimator, expectation, gradient, halfNormal, key, kumaraswamy, laplace, logNormal, mean, pathwise, scoreFunction, type Shapes, truncatedNormal, type Values, variance, weibull,
} from "../../src/index.ts";
import type { Averaged } from "../../src/vocabulary/distribution.ts";

type Params = Readonly<Record<string, number>>;
const estimators = [["scoreFunction", scoreFunction() as Estimator<never, never>], ["pathwise", pathwise() as Estimator<never, never>]] as const;

/** `parameters` for each coordinate of each problem, a little apart from one to the next. */
const spread = (params: Params, count: number, type: Float64ArrayConstructor): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, type.from({ length: count }, (_, i) => value + 0.125 * i)]));

const families: readonly (readonly [(dim: number) => Distribution & Averaged, Params])[] = [
  [laplace, { location: 0.5, logScale: -0.25 }],
  [logNormal, { location: 0.5, logScale: -1 }],
  [halfNormal, { logScale: 0.25 }],
  [weibull, { logScale: 0.25, logConcentration: 0.5 }],
  [kumaraswamy, { logConcentration1: 0.5, logConcentration0: 0.25 }],
  [(dim) => truncatedNormal(dim, { low: -1, high: 2 }), { location: 0.25, logScale: 0.25 }],
  [(dim) => truncatedNormal(dim, { low: 5, high: Infinity }), { location: 0.25, logScale: 0.25 }],
];

/** Σ x² + x of each row. */
const f = differentiable((x, value, slope) => {
  const dim = x.length / value.length;
  value.fill(0);
  for (let i = 0; i < x.length; i++) {
    value[Math.floor(i / dim)]! += x[i]! * (x[i]! + 1);
    slope[i] = 2 * x[i]! + 1;
  }
});

/** E[Σ x² + x], from the closed moments. */
function exact(p: Distribution & Averaged, params: Values<Shapes, Float64Array>, batch: number): Float64Array {
  const [m, v] = [mean(p, params, { batch }), variance(p, params, { batch })];
  return Float64Array.from({ length: batch }, (_, b) => m.subarray(b * p.dim, (b + 1) * p.dim).reduce((sum, own, j) => sum + own * own + own + v[b * p.dim + j]!, 0));
}

describe.each(estimators)("%s is unbiased", (_, by) => {
  for (const [family, params] of families) {
    for (const [dim, batch, precision] of [[1, 1, "f64"], [3, 2, "f64"], [1, 1, "f32"], [3, 2, "f32"]] as const) {
      const p = family(dim);
      it(`for x² + x of ${p.name}(${dim}), batch ${batch}, in ${precision}`, () => {
        const given = spread(params, batch * dim, (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor);
        using grad = gradient(expectation(p, f), by as Estimator<Distribution, typeof f>, { samples: 30_000, batch, precision: precision as "f64" });
        const estimate = grad.estimate(given as Values<Shapes, Float64Array>, key(5));
        const wide = spread(params, batch * dim, Float64Array);
        exact(p, wide, batch).forEach((value, b) => expect(Math.abs(estimate.value[b]! - value) / estimate.valueStandardError[b]!).toBeLessThan(4));
        for (const name of Object.keys(params)) {
          for (let i = 0; i < batch * dim; i++) {
            const moved = (step: number): number => exact(p, { ...wide, [name]: wide[name]!.map((v, k) => (k === i ? v + step : v)) }, batch)[Math.floor(i / dim)]!;
            const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            const [seen, error] = [estimate.gradient as Record<string, Float64Array>, estimate.standardError as Record<string, Float64Array>];
            expect(Math.abs(seen[name]![i]! - slope) / error[name]![i]!, `${name}[${i}]`).toBeLessThan(4);
          }
        }
      });
    }
  }

  it("for cos x of a Cauchy variable, whose mean there is none of", () => {
    const cosine = differentiable((x, value, slope) => x.forEach((a: number, i: number) => { value[i] = Math.cos(a); slope[i] = -Math.sin(a); }));
    const [location, scale] = [0.75, Math.exp(-0.5)];
    using grad = gradient(expectation(cauchy(1), cosine), by as Estimator<Distribution, typeof cosine>, { samples: 100_000 });
    const { value, valueStandardError, gradient: seen, standardError } = grad.estimate({ location: Float64Array.of(location), logScale: Float64Array.of(-0.5) }, key(6));
    expect(Math.abs(value[0]! - Math.cos(location) * Math.exp(-scale)) / valueStandardError[0]!).toBeLessThan(4);
    // The score has a variance; the path has none by the scale, whose term x sin x is as heavy as x: only its location is tried.
    expect(Math.abs(seen.location[0]! + Math.sin(location) * Math.exp(-scale)) / standardError.location[0]!).toBeLessThan(4);
    if (by.name === "score-function") expect(Math.abs(seen.logScale[0]! + scale * Math.cos(location) * Math.exp(-scale)) / standardError.logScale[0]!).toBeLessThan(4);
  });
});
