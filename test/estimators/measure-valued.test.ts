import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, categorical, type Coupling, enumerate, type Estimator, expectation, exponential, expression, gradient, gumbel, key, measureValued, normal, oneHotCategorical,
} from "../../src/index.ts";
import { replicates } from "./replicates.ts";

const functions = {
  square: (k: number) => (x: number) => (x - k) ** 2,
  exp: (k: number) => (x: number) => Math.exp(-k * x * x),
  cos: (k: number) => (x: number) => Math.cos(k * x),
} as const;

/** Exact variances of one sample at N(1, 1): the mean's by "same", the scale's by "same", the mean's by "independent". */
const known: readonly (readonly [keyof typeof functions, number, number, number, number])[] = [
  ["square", -3, 17.4873, 68, 10.0169],
  ["square", 0, 1.09296, 8, 1.81972],
  ["square", 1, 0, 4, 1.27324],
  ["square", 3, 4.37183, 20, 3.45916],
  ["exp", 0.1, 0.00250909, 0.0219705, 0.00507132],
  ["exp", 1, 0.0125676, 0.0706647, 0.012647],
  ["exp", 10, 0.0206558, 0.116732, 0.0206558],
  ["cos", 0.5, 0.00827547, 0.0652662, 0.0151634],
  ["cos", 1, 0.028004, 0.202628, 0.0404168],
  ["cos", 5, 0.295717, 0.999993, 0.160478],
];

/** E f and its derivatives by the mean and the logarithm of the scale, by a fine sum over the line. */
function exact(f: (x: number) => number): { mean: number; logScale: number } {
  let [mean, logScale] = [0, 0];
  for (let z = -12; z <= 12; z += 1 / 512) {
    const weight = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / 512;
    mean += weight * f(1 + z) * z;
    logScale += weight * f(1 + z) * (z * z - 1);
  }
  return { mean, logScale };
}

function measured(f: (x: number) => number, coupling: Coupling, samples = 200_000) {
  using grad = gradient(expectation(normal(1), batched((x, value) => x.forEach((a, i) => (value[i] = f(a))))), measureValued({ coupling, base: false }), { samples });
  const { gradient: g, standardError } = grad.estimate({ mean: Float64Array.of(1), logScale: Float64Array.of(0) }, key(5));
  const each = (name: "mean" | "logScale") => ({ estimate: g[name][0]!, variance: standardError[name][0]! ** 2 * samples, error: standardError[name][0]! });
  return { mean: each("mean"), logScale: each("logScale") };
}

describe("measure-valued derivatives of a normal", () => {
  it.each(known)("of %s, k = %d, have their exact variances and no bias", (name, k, same, ofScale, independent) => {
    const f = functions[name](k);
    const truth = exact(f);
    const close = (seen: number, variance: number): void => expect(Math.abs(seen - variance)).toBeLessThan(0.05 * variance + 1e-12);
    const [tied, free] = [measured(f, "same"), measured(f, "independent")];
    close(tied.mean.variance, same);
    close(tied.logScale.variance, ofScale);
    close(free.mean.variance, independent);
    for (const coupling of [tied, free, measured(f, "antithetic", 50_000)]) {
      for (const part of ["mean", "logScale"] as const) expect(Math.abs(coupling[part].estimate - truth[part])).toBeLessThan(4 * coupling[part].error + 1e-9);
    }
  });

  it("may have more variance coupled than not: (x + 3)², 17.5 against 10.0", () => {
    const f = functions.square(-3);
    expect(measured(f, "same").mean.variance).toBeGreaterThan(1.6 * measured(f, "independent").mean.variance);
  });
});

const weight = (j: number): number => [2, -1, 3][j % 3]!;
const poly = (x: ArrayLike<number>, from: number, dim: number): number => {
  let [sum, product] = [0, 1];
  for (let j = 0; j < dim; j++) {
    sum += weight(j) * x[from + j]!;
    product *= 1 + 0.3 * x[from + j]!;
  }
  return sum + product;
};
const ofRows = (dim: number) => batched((x, value) => value.forEach((_, i) => (value[i] = poly(x, i * dim, dim))));

describe("measure-valued derivatives are unbiased", () => {
  const couplings = ["same", "antithetic", "independent"] as const;

  it.each([["bernoulli", bernoulli(3), { logits: [0.4, -1.3, 2] }, 3], ["categorical", categorical(4), { logits: [0.4, -1.3, 2, -0.2] }, 1], ["oneHotCategorical", oneHotCategorical(4), { logits: [0.4, -1.3, 2, -0.2] }, 4]] as const)(
    "for %s, in batches and in both precisions",
    (_, p, params, dim) => {
      const truth = replicates(p, ofRows(dim), enumerate() as Estimator<never, never>, params, { samples: 1, count: 1 });
      for (const samples of [1, 3]) {
        const seen = replicates(p, ofRows(dim), measureValued() as Estimator<never, never>, params, { samples, count: 20_000 });
        truth.mean["logits"]!.forEach((g, e) => expect(Math.abs(seen.mean["logits"]![e]! - g)).toBeLessThan(4 * seen.error["logits"]![e]! + 1e-12));
        expect(Math.abs(seen.value - truth.value)).toBeLessThan(0.1);
      }
      using narrow = gradient(expectation(p as ReturnType<typeof categorical>, ofRows(dim)), measureValued(), { samples: 20_000, precision: "f32" });
      const { gradient: g, standardError } = narrow.estimate({ logits: Float32Array.from(params.logits) }, key(4));
      truth.mean["logits"]!.forEach((exactly, e) => expect(Math.abs(g.logits[e]! - exactly)).toBeLessThan(4 * standardError.logits[e]! + 1e-5));
    },
  );

  it.each(couplings)("for products of three exponentials and of three normals, %s", (coupling) => {
    // E Σ w x + E Π (1 + 0.3 x): linear in each mean.
    const rates = [-0.4, 0.2, 0.5];
    const means = rates.map((s) => Math.exp(-s));
    const slope = (m: readonly number[], j: number): number => weight(j) + 0.3 * m.reduce((product, own, i) => (i === j ? product : product * (1 + 0.3 * own)), 1);
    const e = replicates(exponential(3), ofRows(3), measureValued({ coupling }) as Estimator<never, never>, { logRate: rates }, { samples: 2, count: 20_000 });
    means.forEach((m, j) => expect(Math.abs(e.mean["logRate"]![j]! + m * slope(means, j))).toBeLessThan(4 * e.error["logRate"]![j]!));
    const location = [0.5, -1, 2];
    const n = replicates(normal(3), ofRows(3), measureValued({ coupling }) as Estimator<never, never>, { mean: location, logScale: [0, -0.5, 0.3] }, { samples: 2, count: 20_000 });
    location.forEach((_, j) => {
      expect(Math.abs(n.mean["mean"]![j]! - slope(location, j))).toBeLessThan(4 * n.error["mean"]![j]!);
      expect(Math.abs(n.mean["logScale"]![j]!)).toBeLessThan(4 * n.error["logScale"]![j]!);
    });
  });
});

describe("a pilot", () => {
  const f = batched((x, value) => value.forEach((_, i) => (value[i] = (x[2 * i]! + 3) ** 2 + (x[2 * i + 1]! - 1) ** 2)));
  const at = { mean: Float64Array.of(1, 1), logScale: Float64Array.of(0, 0) };

  it("finds each coordinate's best coupling, keeps it, and saves it as JSON", () => {
    using grad = gradient(expectation(normal(2), f), measureValued({ coupling: "pilot" }), { samples: 4000 });
    for (let step = 0; step < 3; step++) grad.estimate(at, key(1).fold(step));
    const { standardError } = grad.estimate(at, key(2));
    const variances = Array.from(standardError.mean, (error) => error ** 2 * 4000);
    expect(variances[0]).toBeLessThan(10.0169 * 1.1); // independent or antithetic, not 17.5
    expect(variances[1]).toBeLessThan(1e-12); // same: (R)² on both sides
    using other = gradient(expectation(normal(2), f), measureValued({ coupling: "pilot" }), { samples: 4000 });
    other.state = JSON.parse(JSON.stringify(grad.state));
    expect(other.estimate(at, key(9)).gradient).toEqual(grad.estimate(at, key(9)).gradient);
    expect(grad.state.arrays["measureValued.round"]).toEqual([3]);
  });

  it("learns nothing where it is told not to", () => {
    using grad = gradient(expectation(normal(2), f), measureValued({ coupling: "pilot" }), { samples: 40 });
    const first = grad.estimate(at, key(1), { learn: false }).gradient;
    expect(grad.estimate(at, key(1)).gradient).toEqual(first);
    expect(grad.state.arrays["measureValued.round"]).toEqual([1]);
  });
});

describe("the base point", () => {
  it("gives the value, and the gradient of f's own parameters", () => {
    const f = expression((x, { w }) => x.mul(w!).sum(), { w: [2] });
    using grad = gradient(expectation(normal(2), f), measureValued(), { samples: 20_000 });
    const { value, gradient: g, evaluations } = grad.estimate({ mean: Float64Array.of(1, -2), logScale: new Float64Array(2), w: Float64Array.of(3, 0.5) }, key(1));
    expect(evaluations.value).toBe(9 * 20_000);
    expect(Math.abs(value[0]! - 2)).toBeLessThan(0.1);
    expect(Math.abs(g.w[0]! - 1)).toBeLessThan(0.05);
    expect(Math.abs(g.w[1]! + 2)).toBeLessThan(0.05);
  });

  it("left out, leaves the value NaN and the gradient as it was, at one evaluation less", () => {
    const f = ofRows(2);
    const params = { mean: Float64Array.of(1, -2), logScale: new Float64Array(2) };
    using whole = gradient(expectation(normal(2), f), measureValued(), { samples: 5 });
    using bare = gradient(expectation(normal(2), f), measureValued({ base: false }), { samples: 5 });
    const [a, b] = [whole.estimate(params, key(1)), bare.estimate(params, key(1))];
    expect(b.gradient).toEqual(a.gradient);
    expect(b.value[0]).toBeNaN();
    expect(b.evaluations.value).toBe(a.evaluations.value - 5);
  });
});

describe("measureValued refuses", () => {
  const f = ofRows(1);
  it.each<[string, () => unknown, string]>([
    ["another coupling", () => measureValued({ coupling: "tied" as never }), 'measureValued: "coupling" expected "same", "antithetic", "independent" or "pilot", got tied'],
    ["a base that is no boolean", () => measureValued({ base: 1 as never }), 'measureValued: "base" expected true or false, got 1'],
    ["a family without weak derivative", () => gradient(expectation(gumbel(1) as never, f), measureValued(), { samples: 1 }), "measureValued: gumbel has no weak derivative. Use scoreFunction()"],
    [
      "f's own parameters without a base point",
      () => gradient(expectation(normal(1), expression((x, { w }) => x.mul(w!).sum(), { w: [1] })), measureValued({ base: false }), { samples: 1 }),
      "measureValued: f has parameters of its own, whose gradient needs points drawn from the distribution itself. Do not leave the base point out.",
    ],
  ])("%s", (_, run, message) => expect(run).toThrow(message));
});
