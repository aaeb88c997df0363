import { describe, expect, it } from "vitest";
import { logProb as normalLogProb } from "../../reference/distributions/normal.ts";
import { logProb, moments, responsibilities, slopeOfLogits } from "../../reference/distributions/mixture.ts";
import { normalUpper } from "../../reference/math/normal-upper.ts";
import { bernoulli, categorical, cauchy, exponential, gumbel, laplace, logistic, mixtureSameFamily, multivariateNormal, normal, poisson, uniform } from "../../src/index.ts";
import { laws } from "../laws.ts";
import { sumOf } from "../laws/numbers.ts";
import { type Family, type Problem, stage } from "../laws/stage.ts";

const normals = (logits: number[], mean: number[], logScale: number[]): Problem => ({ logits, mean, logScale });
const scaled = ({ mean, logScale }: Problem, x: number, k: number): number => (x - mean![k]!) / Math.exp(logScale![k]!);
const logProbs = (q: Problem, x: number): number[] => q["mean"]!.map((m, k) => normalLogProb(x, m, q["logScale"]![k]!));

/** ∂x by logits, means and logScales of a mixture of normals. */
function jacobian(q: Problem, { 0: x }: ArrayLike<number>): number[][] {
  const shares = responsibilities(q["logits"]!, logProbs(q, x!));
  const upper = q["mean"]!.map((_, k) => normalUpper(scaled(q, x!, k)));
  return [...slopeOfLogits(q["logits"]!, logProbs(q, x!), upper), ...shares, ...shares.map((r, k) => r * (x! - q["mean"]![k]!))].map((slope) => [slope]);
}

laws("mixtureSameFamily(normal(1), 3)", {
  family: mixtureSameFamily(normal(1), 3),
  problems: [
    normals([0.5, -0.25, 0], [-1, 0.5, 2], [0, -0.5, -0.25]),
    normals([0, 1, -1], [1, 0, -1.5], [-0.25, 0, 0.125]),
    normals([-30, 0.5, 0.25], [0, 0.25, 1.5], [0, 0.25, -0.5]),
  ],
  support: () => true,
  range: () => [-12, 12],
  moments: (q) => {
    const { mean, variance } = moments(q["logits"]!, q["mean"]!, q["logScale"]!.map((s) => Math.exp(2 * s)));
    return { mean: [mean], variance: [variance] };
  },
  logProb: (q, x) => logProb(q["logits"]!, logProbs(q, x[0]!)),
  jacobian,
  edges: {
    f64: [normals([0, Number.NEGATIVE_INFINITY, 700], [0, 1, 2], [0, 1, -300]), normals([0, 0, 0], [-1e6, 0, 1e6], [0, 0, 0])],
    f32: [normals([0, Number.NEGATIVE_INFINITY, 80], [0, 1, 2], [0, 1, -30]), normals([0, 0, 0], [-1e4, 0, 1e4], [0, 0, 0])],
  },
});

/** Component k of coordinate j is number 2 k + j. */
laws("mixtureSameFamily(normal(2), 3)", {
  family: mixtureSameFamily(normal(2), 3),
  problems: [0.5, -1, 2].map((s) => normals([s, 0, 0.25], [s, 0, 1, -s, 0.5, 0.5], [0.1 * s, 0, -0.5, 0.25, 0, -0.25])),
  support: () => true,
  moments: (q) => {
    const each = [0, 1].map((j) => {
      const own = (name: string): number[] => [0, 1, 2].map((k) => q[name]![2 * k + j]!);
      return moments(q["logits"]!, own("mean"), own("logScale").map((v) => Math.exp(2 * v)));
    });
    return { mean: each.map(({ mean }) => mean), variance: each.map(({ variance }) => variance) };
  },
  logProb: (q, x) => logProb(q["logits"]!, [0, 1, 2].map((k) => [0, 1].reduce((sum, j) => sum + normalLogProb(x[j]!, q["mean"]![2 * k + j]!, q["logScale"]![2 * k + j]!), 0))),
});

laws("mixtureSameFamily(poisson(1), 2)", {
  family: mixtureSameFamily(poisson(1), 2),
  problems: [[0.5, 1.5], [0, 1], [-0.5, 2]].map((logRate) => ({ logits: [0.5, 0], logRate })),
  support: (x) => Number.isInteger(x) && x >= 0,
  last: () => 60,
});

laws("mixtureSameFamily(bernoulli(2), 2)", {
  family: mixtureSameFamily(bernoulli(2), 2),
  problems: [1, 0.5, -1].map((s) => ({ mixtureLogits: [s, 0], logits: [0.5, -1, s, 2] })),
  support: (x) => x === 0 || x === 1,
});

laws("mixtureSameFamily(multivariateNormal(2), 2)", {
  family: mixtureSameFamily(multivariateNormal(2), 2),
  problems: [1, 2, -1].map((s) => ({ logits: [0.25, 0], mean: [s, 0.5, -1, 2], scaleTril: [1, 0, 0.3 * s, 0.5, 0.7, 0, -0.2, 1.5] })),
  support: () => true,
});

describe("mixtureSameFamily", () => {
  it("can do what its components can, and has a path only where it is one to have", () => {
    expect(Object.keys(mixtureSameFamily(logistic(1), 2))).toEqual(expect.arrayContaining(["path", "cumulative", "score", "moments", "logProbGradient"]));
    expect(mixtureSameFamily(mixtureSameFamily(laplace(1), 2), 2)).toHaveProperty("path");
    for (const without of [normal(2), categorical(3), uniform(1), bernoulli(1)]) expect(mixtureSameFamily(without, 2)).not.toHaveProperty("path");
    expect(mixtureSameFamily(uniform(1), 2)).not.toHaveProperty("score");
    expect(mixtureSameFamily(categorical(3), 2).support.size).toBe(3);
    expect(mixtureSameFamily(exponential(1), 4).params).toEqual({ logits: [4], logRate: [4, 1] });
    expect(mixtureSameFamily(bernoulli(2), 4).params).toEqual({ mixtureLogits: [4], logits: [4, 2] });
  });

  it("refuses what is no family with a density, and no number of components", () => {
    expect(() => mixtureSameFamily(3 as never, 2)).toThrow(new TypeError('mixtureSameFamily: "components" expected a distribution, got 3. Make one, such as normal(2).'));
    expect(() => mixtureSameFamily(normal(1), 0)).toThrow(new RangeError('mixtureSameFamily: "count" expected integer >= 1, got 0'));
  });
});

/** −∂F/∂θ / p by the densities and distribution functions of the family itself: for what has no reference of its own. */
describe("the path of a mixture", () => {
  const located = (location: number[], logScale: number[]): Problem => ({ logits: [0.5, 0, -0.5], location, logScale });
  const three = located([-1, 0.5, 2], [0, -0.5, 0.25]);
  const subjects: readonly (readonly [string, Family, Problem])[] = [
    ["logistic", mixtureSameFamily(logistic(1), 3), three],
    ["laplace", mixtureSameFamily(laplace(1), 3), three],
    ["gumbel", mixtureSameFamily(gumbel(1), 3), three],
    ["cauchy", mixtureSameFamily(cauchy(1), 3), three],
    ["exponential", mixtureSameFamily(exponential(1), 3), { logits: [0.5, 0, -0.5], logRate: [-1, 0, 1] }],
  ];
  for (const [name, family, problem] of subjects) {
    it(`of ${name} is −(∂F/∂θ) / p(x), in both precisions`, () => {
      using at = stage(family, "f64", [problem]);
      using narrow = stage(family, "f32", [problem]);
      const x = at.sample(16);
      const ones = x.map(() => 1);
      const terms = at.pull(x, new Float64Array(0), ones);
      const less = narrow.pull(Float32Array.from(x), new Float32Array(0), Float32Array.from(ones));
      const density = at.logProb(x).map(Math.exp);
      const cdf = (q: Problem): Float64Array => {
        using moved = stage(family, "f64", [q]);
        return Float64Array.from(moved.run([x, 16, 16], ([a, b, c]) => family.cumulative!(moved.kernels, 16, moved.theta, a!, b!, c!))[1]!, Math.exp);
      };
      for (const [parameter, values] of Object.entries(problem)) {
        const offset = 48 * Object.keys(problem).indexOf(parameter);
        for (let k = 0; k < 3; k++) {
          const [up, down] = [1e-5, -1e-5].map((step) => cdf({ ...problem, [parameter]: values.map((v, j) => (j === k ? v + step : v)) }));
          x.forEach((v: number, i: number) => {
            const expected = -(up![i]! - down![i]!) / 2e-5 / density[i]!;
            expect(Math.abs(terms[offset + 3 * i + k]! - expected), `${parameter}[${k}] at ${v}`).toBeLessThan(1e-6 * (1 + Math.abs(expected)) + 1e-10 / density[i]!);
            expect(Math.abs(less[offset + 3 * i + k]! - expected), `${parameter}[${k}] at ${v} in f32`).toBeLessThan(1e-4 * (1 + Math.abs(expected)));
          });
        }
      }
    });
  }

  it("keeps its digits in both tails: for one component it is that component's, and logits of the same components move nothing", () => {
    const family = mixtureSameFamily(normal(1), 2);
    for (const precision of ["f64", "f32"] as const) {
      using at = stage(family, precision, [normals([0.25, -0.5], [0.5, 0.5], [-0.25, -0.25])]);
      const x = precision === "f64" ? Float64Array.of(-40, -8, 0, 8, 40) : Float32Array.of(-9, -4, 0, 4, 9);
      const terms = at.pull(x, x.subarray(0, 0), x.map(() => 1));
      for (let i = 0; i < x.length; i++) {
        expect(Math.abs(terms[2 * i]!) + Math.abs(terms[2 * i + 1]!)).toBeLessThan(precision === "f64" ? 1e-12 : 1e-5);
        expect(terms[2 * (x.length + i)]! + terms[2 * (x.length + i) + 1]!).toBeCloseTo(1, precision === "f64" ? 12 : 5);
      }
    }
  });

  it("mirrors: a mixture turned about 0 has the same derivative at −x, with the other sign", () => {
    const family = mixtureSameFamily(normal(1), 3);
    using at = stage(family, "f64", [normals([0.25, 0, -1], [-1, 0.5, 2], [0, -0.25, 0.5])]);
    using turned = stage(family, "f64", [normals([0.25, 0, -1], [1, -0.5, -2], [0, -0.25, 0.5])]);
    const x = Float64Array.of(-30, -12, -6, -1, 0, 2, 7, 15, 30);
    const ones = x.map(() => 1);
    const [here, there] = [at.pull(x, new Float64Array(0), ones), turned.pull(x.map((v) => -v), new Float64Array(0), ones)];
    for (let i = 0; i < 27; i++) expect(Math.abs(here[i]! + there[i]!)).toBeLessThan(1e-9 * Math.abs(here[i]!));
  });

  it("stays finite far from every component, between them, and with components that are never drawn", () => {
    for (const precision of ["f64", "f32"] as const) {
      const far = precision === "f64" ? 1e100 : 1e15;
      for (const problem of [normals([0, 0], [-1, 1], [0, 0]), normals([0, 0], [-1e3, 1e3], [0, 0]), normals([0, Number.NEGATIVE_INFINITY], [-1, 1], [0, 0]), normals([200, -200], [-1, 1], [0, 0])]) {
        using at = stage(mixtureSameFamily(normal(1), 2), precision, [problem]);
        const x = precision === "f64" ? Float64Array.of(-far, -1e4, -30, 0, 0.5, 30, 1e4, far) : Float32Array.of(-far, -1e4, -30, 0, 0.5, 30, 1e4, far);
        expect(at.pull(x, x.subarray(0, 0), x.map(() => 1)).every(Number.isFinite)).toBe(true);
        expect(at.score(x, x.map(() => 1)).every(Number.isFinite)).toBe(precision === "f64" || far * far < Infinity);
        expect(at.logProb(x).some(Number.isNaN)).toBe(false);
      }
    }
  });

  it("gives nothing to a component that is never drawn, in mean and variance too", () => {
    using at = stage(mixtureSameFamily(cauchy(1), 2), "f64", [located([0, 1], [0, 0])].map((q) => ({ ...q, logits: [0, -Infinity] })));
    const x = at.sample(100);
    const terms = at.pull(x, new Float64Array(0), x.map(() => 1));
    expect(sumOf(terms.subarray(0, 200).map(Math.abs))).toBe(0);
    expect([...terms.subarray(200, 400)]).toEqual(Array.from({ length: 200 }, (_, i) => 1 - (i % 2)));
    using half = stage(mixtureSameFamily(normal(1), 2), "f64", [normals([0, -Infinity], [3, 1e300], [0, 700])]);
    expect([half.moments().mean[0], half.moments().variance[0]]).toEqual([3, 1]);
  });
});
