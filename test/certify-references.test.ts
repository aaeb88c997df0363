import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, beta, certify, type Certificate, dirichlet, dreg, type Estimator, estimator, expectation, exponential, expression, gamma, given, importanceBound, kl, key,
  kumaraswamy, laplace, logNormal, multivariateNormal, network, normal, pathwise, poisson, scoreFunction, stickingTheLanding, truncatedNormal, vimco, vonMises,
} from "../src/index.ts";

const array = (...all: number[]): Float64Array => Float64Array.from(all);
const of = (f: (x: number) => number) => batched((x, value) => x.forEach((own, i) => (value[i] = f(own))));
const few = { key: key(1), samples: 16, rounds: 16 };

/** The reference and its error, by name and number. */
function reference({ coordinates }: Certificate): Record<string, { reference: number; referenceError: number }> {
  return Object.fromEntries(coordinates.map(({ name, reference: own, referenceError }) => [name, { reference: own, referenceError }]));
}

function agrees(certificate: Certificate, exact: Readonly<Record<string, number>>): void {
  expect(certificate.against).toBe("quadrature");
  expect(certificate.unbiased).toBe(true);
  const found = reference(certificate);
  for (const [name, value] of Object.entries(exact)) {
    const own = found[name]!;
    expect(Math.abs(own.reference - value), `${name}: ${own.reference}, not ${value}`).toBeLessThanOrEqual(own.referenceError + 1e-9 * (1 + Math.abs(value)));
    expect(own.referenceError).toBeLessThan(0.02 * (1 + Math.abs(value)));
  }
}

describe("quadrature against closed forms, chosen without being asked for", () => {
  it("normal: E x² = μ² + σ²", () => {
    agrees(certify(expectation(normal(1), of((x) => x * x)), scoreFunction(), { ...few, params: { mean: array(1.5), logScale: array(0.3) } }), { "mean[0]": 3, "logScale[0]": 2 * Math.exp(0.6) });
  });

  it("exponential: E x² = 2 / λ²", () => {
    agrees(certify(expectation(exponential(1), of((x) => x * x)), scoreFunction(), { ...few, params: { logRate: array(0.7) } }), { "logRate[0]": -4 * Math.exp(-1.4) });
  });

  it("gamma: E x² = a (a + 1) / r², sharp and with a pole at 0", () => {
    for (const log of [-1, 1, 5]) {
      const a = Math.exp(log);
      const params = { logConcentration: array(log), logRate: array(0.2) };
      agrees(certify(expectation(gamma(1), of((x) => x * x)), scoreFunction(), { ...few, params }), { "logConcentration[0]": a * (2 * a + 1) * Math.exp(-0.4), "logRate[0]": -2 * a * (a + 1) * Math.exp(-0.4) });
    }
  });

  it("beta: E x = a / (a + b)", () => {
    const [a, b] = [Math.exp(0.5), Math.exp(1)];
    const slope = (a * b) / (a + b) ** 2;
    agrees(certify(expectation(beta(1), of((x) => x)), scoreFunction(), { ...few, params: { logConcentration1: array(0.5), logConcentration0: array(1) } }), { "logConcentration1[0]": slope, "logConcentration0[0]": -slope });
  });

  it("laplace: E x² = μ² + 2 s², whose density has a kink", () => {
    agrees(certify(expectation(laplace(1), of((x) => x * x)), scoreFunction(), { ...few, params: { location: array(1), logScale: array(-0.5) } }), { "location[0]": 2, "logScale[0]": 4 * Math.exp(-1) });
  });

  it("kumaraswamy with a = 1: E x = 1 / (1 + b)", () => {
    const b = Math.exp(0.8);
    agrees(certify(expectation(kumaraswamy(1), of((x) => x)), scoreFunction(), { ...few, params: { logConcentration1: array(0), logConcentration0: array(0.8) } }), { "logConcentration0[0]": -b / (1 + b) ** 2 });
  });

  it("log-normal: E x = exp(μ + σ²/2)", () => {
    const value = Math.exp(0.2 + Math.exp(-1) / 2);
    agrees(certify(expectation(logNormal(1), of((x) => x)), scoreFunction(), { ...few, params: { location: array(0.2), logScale: array(-0.5) } }), { "location[0]": value, "logScale[0]": value * Math.exp(-1) });
  });

  it("von Mises: E cos x = cos μ I₁(κ) / I₀(κ)", () => {
    const params = { location: array(0.4), logConcentration: array(0) };
    agrees(certify(expectation(vonMises(1), of(Math.cos)), scoreFunction(), { ...few, params }), { "location[0]": (-Math.sin(0.4) * 0.565159103992485) / 1.2660658777520084 });
  });

  it("a truncated normal, by its quantile: the pathwise estimator agrees to its noise", () => {
    const params = { location: array(1), logScale: array(0) };
    const f = expression((x) => x.square());
    const certificate = certify(expectation(truncatedNormal(1, { low: -0.3, high: 2 }), f), pathwise(), { params, key: key(2), samples: 256, rounds: 64 });
    expect(certificate.against).toBe("quadrature");
    expect(certificate.unbiased).toBe(true);
  });

  it("two and three normals, a batch of problems: E x₀² x₁ = (μ₀² + σ₀²) μ₁", () => {
    const two = batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! ** 2 * x[2 * i + 1]!)));
    agrees(certify(expectation(normal(2), two), scoreFunction(), { ...few, batch: 2, params: { mean: array(1, 2, -1, 0.5), logScale: array(0, 0, 0.5, 0) } }), {
      "mean[0]": 4, "mean[1]": 2, "logScale[0]": 4, "logScale[1]": 0, "mean[2]": -1, "mean[3]": 1 + Math.E, "logScale[2]": Math.E, "logScale[3]": 0,
    });
    const three = batched((x, value) => value.forEach((_, i) => (value[i] = x[3 * i]! ** 2 * x[3 * i + 1]! * x[3 * i + 2]!)));
    agrees(certify(expectation(normal(3), three), scoreFunction(), { ...few, params: { mean: array(1, 2, -1), logScale: array(0, 0, 0) } }), { "mean[0]": -4, "mean[1]": -2, "logScale[0]": -4 });
  });

  it("two Laplace variables, across their kinks: E x₀² x₁ = (μ₀² + 2 s₀²) μ₁", () => {
    const params = { location: array(1, -0.5), logScale: array(-0.5, 0.2) };
    const two = batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! ** 2 * x[2 * i + 1]!)));
    agrees(certify(expectation(laplace(2), two), scoreFunction(), { ...few, params }), { "location[0]": -1, "location[1]": 1 + 2 * Math.exp(-1), "logScale[0]": -2 * Math.exp(-1), "logScale[1]": 0 });
  });

  it("two gamma, two beta and two exponential variables, a batch of problems: products of means", () => {
    const product = batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! * x[2 * i + 1]!)));
    const ones = array(0, 0.5, 1, 0); // by problem and coordinate
    const [a, b] = [ones.map(Math.exp), Math.exp(0.3)];
    const mean = { gamma: a.map((own) => own / b), beta: a.map((own) => own / (own + b)), exponential: a.map((own) => 1 / own) };
    const other = (means: Float64Array, i: number) => means[i ^ 1]!;
    const expected = (name: string, slopes: Float64Array, means: Float64Array) => Object.fromEntries(Array.from(slopes, (slope, i) => [`${name}[${i}]`, slope * other(means, i)]));
    const rest = new Float64Array(4).fill(0.3);
    agrees(certify(expectation(gamma(2), product), scoreFunction(), { ...few, batch: 2, params: { logConcentration: ones, logRate: rest } }), { ...expected("logConcentration", mean.gamma, mean.gamma), ...expected("logRate", mean.gamma.map((own) => -own), mean.gamma) });
    agrees(certify(expectation(beta(2), product), scoreFunction(), { ...few, batch: 2, params: { logConcentration1: ones, logConcentration0: rest } }), expected("logConcentration1", a.map((own) => (own * b) / (own + b) ** 2), mean.beta));
    agrees(certify(expectation(exponential(2), product), scoreFunction(), { ...few, batch: 2, params: { logRate: ones } }), expected("logRate", mean.exponential.map((own) => -own), mean.exponential));
  });

  it("a correlated normal: E x₀ x₁ = μ₀ μ₁ + L₀₀ L₁₀", () => {
    const product = batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! * x[2 * i + 1]!)));
    agrees(certify(expectation(multivariateNormal(2), product), scoreFunction(), { ...few, params: { mean: array(1, 2), scaleTril: array(1, 0, 0.9, 0.4) } }), { "mean[0]": 2, "mean[1]": 1, "scaleTril[0]": 0.9, "scaleTril[2]": 1 });
  });
});

describe("quadrature takes in", () => {
  it("a network's parameters, f's own and noiseless terms: E (w x)² − KL, x ~ N(U, σ²)", () => {
    const encoder = network(({ u, U, s }) => ({ mean: u.matmul(U), logScale: u.matmul(s) }), { U: [1, 1], s: [1, 1] }, { u: 1 });
    const objective = expectation(given(normal(1), encoder), expression((x, { w }) => x.mul(w).square().sum(), { w: [1] }), { minus: kl({ mean: array(0), logScale: array(0) }) });
    const params = { U: array(0.5), s: array(-0.2), w: array(1.5) };
    const certificate = certify(objective, pathwise(), { ...few, samples: 64, rounds: 64, params, context: { u: array(1) } });
    const [variance, w] = [Math.exp(-0.4), 1.5];
    agrees(certificate, { "U[0]": 2 * 0.5 * w * w - 0.5, "s[0]": 2 * w * w * variance - (variance - 1), "w[0]": 2 * w * (0.25 + variance) });
  });

  it("an f that jumps", () => {
    const step = of((x) => (x > 0.3 ? 1 : 0));
    agrees(certify(expectation(normal(1), step), scoreFunction(), { ...few, params: { mean: array(1), logScale: array(0) } }), { "mean[0]": Math.exp(-0.245) / Math.sqrt(2 * Math.PI) });
  });
});

/** The score function times a factor. */
function scaled(factor: number): Estimator<ReturnType<typeof normal>, ReturnType<typeof batched>> {
  return estimator<ReturnType<typeof normal>, ReturnType<typeof batched>, "coefficient">({
    ...(scoreFunction() as unknown as Parameters<typeof estimator>[0]),
    name: "scaled",
    plan: () => ({ value: 1, gradient: 0, scratch: { coefficient: 1 } }),
    bind: (p) => ({
      propose: ({ kernels, rows, theta, hard }, draw) => p.sample(kernels, draw(0), rows, theta, hard.x),
      combine: ({ kernels, rows, hard, at, total }) => {
        for (const into of [total, at.coefficient]) kernels.arrayCopy(rows, hard.value, into);
        kernels.arrayScale(rows, factor, at.coefficient);
      },
      terms: ({ kernels, theta, hard, at, dim, bytes }, { first, rows }, terms) => p.score(kernels, rows, theta, hard.x + first * dim * bytes, at.coefficient + first * bytes, terms),
    }),
  });
}

describe("what certify says with quadrature", () => {
  const objective = expectation(normal(2), batched((x, value) => value.forEach((_, i) => (value[i] = Math.sin(x[2 * i]!) + x[2 * i + 1]!))));
  const params = { mean: array(0.5, -1), logScale: array(0, 0.1) };

  it("catches a factor of 1.05, and prints the reference with its error", () => {
    const options = { params, key: key(3), samples: 1024, rounds: 256, against: "quadrature" as const };
    const honest = certify(objective, scaled(1), options);
    const biased = certify(objective, scaled(1.05), options);
    expect(honest.unbiased).toBe(true);
    expect(biased.unbiased).toBe(false);
    expect(String(biased)).toMatch(/^scaled against quadrature, \d+ evaluations of f: biased: .*\ncoordinate +estimate +quadrature +its error/);
  });

  it("does not use a reference that did not converge: it says so and takes differences, or refuses where it is asked for by name", () => {
    const wild = expectation(normal(1), of((x) => Math.sin(1e6 * x)));
    const at = { params: { mean: array(0), logScale: array(0) }, key: key(1), samples: 1024, rounds: 64 };
    const certificate = certify(wild, scoreFunction(), at);
    expect(certificate.against).toBe("differences");
    expect(certificate.note).toMatch(/^it did not converge: after \d+ evaluations its error is still/);
    expect(String(certificate)).toContain("No quadrature: it did not converge");
    expect(() => certify(wild, scoreFunction(), { ...at, against: "quadrature" })).toThrow(/^certify: "against" expected a reference that can be had, got quadrature: it did not converge: .* Use "differences"\.$/);
  });

  it("takes no more points at once than it may", () => {
    const certificate = certify(objective, scoreFunction(), { params, ...few, points: 1000 });
    expect(certificate.against).toBe("differences");
    expect(certificate.note).toBe("it would take more than 1000 evaluations of f at once");
  });

  it("does not use product rules where the draws lie on a surface", () => {
    const weights = expectation(dirichlet(3), batched((x, value) => value.forEach((_, i) => (value[i] = x[3 * i]!))));
    const certificate = certify(weights, scoreFunction(), { ...few, params: { logConcentration: array(0.5, 1, 1) } });
    expect(certificate.against).toBe("differences");
    expect(certificate.note).toBeDefined();
  });

  it("refuses by name what it is not for", () => {
    const ask = (against: "quadrature" | "enumeration", p: object, at: object) => () => (certify as (...all: unknown[]) => unknown)(expectation(p as never, of((x) => x)), scoreFunction(), { ...few, params: at, against });
    expect(ask("quadrature", normal(4), { mean: array(0, 0, 0, 0), logScale: array(0, 0, 0, 0) })).toThrow("got quadrature: it would be over 4 variables, and is for at most 3. Use \"differences\".");
    expect(ask("quadrature", poisson(1), { logRate: array(0) })).toThrow("poisson has no density that can be differentiated");
    expect(ask("enumeration", poisson(1), { logRate: array(0) })).toThrow("poisson has no finite support");
  });
});

describe("certify on importance bounds", () => {
  const model = expression((z, { w }) => z.mul(w).sub(1).square().sum().mul(-0.5).sub(z.square().sum().mul(0.5)), { w: [1] });
  const params = { mean: array(0.3), logScale: array(-0.4), w: array(1.2) };

  it("finds every estimator of the package unbiased against quadrature, over 1, 2 and 3 particles", () => {
    for (const particles of [1, 2, 3]) {
      const bound = importanceBound(normal(1), model, { particles });
      const options = { params, key: key(4), samples: 16, rounds: 128 };
      const estimators = [scoreFunction(), pathwise(), dreg(), ...(particles === 1 ? [stickingTheLanding()] : [vimco(), vimco({ mean: "arithmetic" })])];
      for (const by of estimators) {
        const certificate = certify(bound, by, options);
        expect(certificate.against, String(certificate.note)).toBe("quadrature");
        expect(certificate.unbiased, String(certificate)).toBe(true);
      }
    }
  });

  it("knows the bound of one particle in closed form: an ELBO", () => {
    const { mean, logScale, w } = { mean: 0.3, logScale: -0.4, w: 1.2 };
    const variance = Math.exp(2 * logScale);
    const certificate = certify(importanceBound(normal(1), model, { particles: 1 }), pathwise(), { ...few, params });
    agrees(certificate, { "mean[0]": -w * (w * mean - 1) - mean, "logScale[0]": 1 - (w * w + 1) * variance, "w[0]": -(w * (mean * mean + variance) - mean) });
  });

  it("adds up the support where it is finite, over every set of particles, and agrees with differences", () => {
    const joint = batched((x, value) => value.forEach((_, i) => (value[i] = 0.4 * x[2 * i]! - x[2 * i]! * x[2 * i + 1]!)));
    const bound = importanceBound(bernoulli(2), joint, { particles: 3 });
    const options = { params: { logits: array(0.5, -1, 0, 0.3) }, key: key(5), batch: 2, samples: 32, rounds: 128 };
    const sum = certify(bound, vimco(), options);
    expect(sum.against).toBe("enumeration");
    expect(sum.unbiased).toBe(true);
    const differences = certify(bound, vimco(), { ...options, against: "differences", step: 0.1 });
    expect(differences.unbiased).toBe(true);
    sum.coordinates.forEach(({ reference: exact }, i) => {
      const { reference: own, referenceError } = differences.coordinates[i]!;
      expect(Math.abs(own - exact)).toBeLessThan(4 * referenceError + 0.01 * Math.abs(exact) + 1e-3); // differences have a bias of the order of step²
    });
  });

  it("catches a score that counts twice", () => {
    const bound = importanceBound(normal(1), model, { particles: 2 });
    expect(certify(bound, doubled(vimco()) as ReturnType<typeof vimco>, { params, key: key(6), samples: 32, rounds: 128 }).unbiased).toBe(false);
  });
});

/** An estimator of a bound whose score counts twice. */
function doubled(by: object): object {
  const own = by as { readonly bind: (q: { readonly score: (...all: unknown[]) => void }, site: unknown) => { readonly terms: (...all: unknown[]) => void } };
  return {
    ...own,
    bind: (q: never, site: never) => {
      const bound = own.bind(q, site);
      return { ...bound, terms: (...all: unknown[]) => [1, 2].forEach(() => bound.terms(...all)) };
    },
  };
}
