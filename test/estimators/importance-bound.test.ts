import { describe, expect, it } from "vitest";
import { combine } from "../../reference/estimators/vimco.ts";
import {
  batched, bernoulli, differentiable, type Differentiable, dreg, each, type Estimator, expression, given, gradient, importanceBound, joint, key, leaveOneOut, movingAverage, network, none, type Normal, normal,
  pathwise, scoreFunction, stickingTheLanding, vimco,
} from "../../src/index.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Mean and variance over a batch of equal problems, one sample each. */
function moments(values: Float64Array, stride = 1, offset = 0): { mean: number; variance: number; error: number; count: number } {
  const own = values.filter((_, i) => i % stride === offset);
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  const variance = own.reduce((a, b) => a + (b - mean) ** 2, 0) / (own.length - 1);
  return { mean, variance, error: Math.sqrt(variance / own.length), count: own.length };
}

describe("one coin that explains another (prior 0.3, likelihood 0.8 or 0.1)", () => {
  const logJoint = [Math.log(0.7 * 0.1), Math.log(0.3 * 0.8)];
  const f = batched((x, value) => x.forEach((b, i) => (value[i] = logJoint[b]!)));
  // Bound, gradient and variances by enumeration of all K flips.
  const table: readonly [phi: number, particles: number, bound: number, gradient: number, naive: number, vimco: number, arithmetic?: number][] = [
    [0, 2, -1.26061199861, 0.1709391461, 1.909469, 0.15422019],
    [0, 3, -1.22864197014, 0.111239675, 2.1972917, 0.086395579],
    [0, 5, -1.20404712577, 0.06285004, 2.7630331, 0.045431822, 0.0584093],
    [1.5, 2, -1.17417200487, -0.0217875844, 0.79634655, 0.061851551],
    [1.5, 5, -1.17241831436, -0.00917231, 1.3943684, 0.02745805],
  ];
  const cases = table.flatMap(([phi, particles, bound, mean, naive, geometric, arithmetic]) => [
    { name: "scoreFunction without baseline", by: scoreFunction({ baseline: none() }), phi, particles, bound, mean, variance: naive },
    { name: "vimco", by: vimco(), phi, particles, bound, mean, variance: geometric },
    ...(arithmetic === undefined ? [] : [{ name: "vimco with arithmetic means", by: vimco({ mean: "arithmetic" }), phi, particles, bound, mean, variance: arithmetic }]),
  ]);

  it.each(cases)("$name, φ = $phi, $particles particles: bound, gradient and variance are the exact ones", ({ by, phi, particles, bound, mean, variance }) => {
    const count = 200_000;
    using grad = gradient(importanceBound(bernoulli(1), f, { particles }), by, { samples: 1, batch: count });
    const estimate = grad.estimate({ logits: new Float64Array(count).fill(phi) }, key(3));
    const value = moments(estimate.value);
    const slope = moments(estimate.gradient.logits);
    expect(Math.abs(value.mean - bound) / value.error).toBeLessThan(4);
    expect(Math.abs(slope.mean - mean) / slope.error).toBeLessThan(4);
    expect(Math.abs(slope.variance / variance - 1)).toBeLessThan(0.05);
  });

  it.each([["scoreFunction", scoreFunction()], ["vimco", vimco()]] as const)("%s says how far off it may be, in f32 too", (_, by) => {
    for (const precision of ["f64", "f32"] as const) {
      using grad = gradient(importanceBound(bernoulli(1), f, { particles: 3 }), by, { samples: 20_000, precision: precision as "f64", batch: 2 });
      const logits = (precision === "f64" ? Float64Array : Float32Array).of(0, 0) as Float64Array;
      const { value, valueStandardError, gradient: g, standardError } = grad.estimate({ logits }, key(5));
      for (const b of [0, 1]) {
        expect(Math.abs(value[b]! + 1.22864197014) / valueStandardError[b]!).toBeLessThan(4);
        expect(Math.abs(g.logits[b]! - 0.111239675) / standardError.logits[b]!).toBeLessThan(4);
      }
    }
  });
});

it("the score function of a bound has baselines that learn, of the bound", () => {
  const f = batched((x, value) => x.forEach((b, i) => (value[i] = 100 + (b === 1 ? Math.log(0.24) : Math.log(0.07)))));
  using grad = gradient(importanceBound(bernoulli(1), f, { particles: 2 }), scoreFunction({ baseline: movingAverage() }), { samples: 50 });
  const slopes = Array.from({ length: 400 }, (_, i) => grad.estimate({ logits: new Float64Array(1) }, key(5).fold(i)).gradient.logits[0]!);
  const learned = moments(Float64Array.from(slopes.slice(100)));
  expect(Math.abs(learned.mean - 0.1709391461) / learned.error).toBeLessThan(4);
  expect(learned.variance).toBeLessThan(0.1); // without: some 100² of the score's
});

describe("vimco is the sum it stands for", () => {
  it.each([[2, 1], [3, 5], [5, 3], [8, 2]] as const)("of %d particles over %d coins, however far the weights are apart", (particles, dim) => {
    for (const spread of [1, 30, 2000]) {
      for (const [geometric, precision] of [[true, "f64"], [false, "f64"], [true, "f32"], [false, "f32"]] as const) {
        const samples = 7;
        const worth = (x: ArrayLike<number>, at: number): number => Array.from({ length: dim }, (_, j) => spread * Math.sin(3 * j + 1) * x[at + j]!).reduce((a, b) => a + b, 0) - spread;
        const f = batched((x, value) => value.forEach((_, i) => (value[i] = worth(x, i * dim))));
        using grad = gradient(importanceBound(bernoulli(dim), f, { particles }), vimco({ mean: geometric ? "geometric" : "arithmetic" }), { samples, batch: 1, precision: precision as "f64" });
        const logits = ((precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor).from({ length: dim }, (_, j) => Math.cos(5 * j));
        const { hard } = grad.propose({ logits }, key(2));
        const terms = grad.perSample({ logits }, key(2)).logits;
        for (let s = 0; s < samples; s++) {
          const rows = Array.from({ length: particles }, (_, k) => (k * samples + s) * dim);
          const logs = rows.map((at) => worth(hard, at) - logits.reduce((sum, l, j) => sum + Math.log(sigmoid(hard[at + j] === 1 ? l : -l)), 0));
          const exact = twin(logs, geometric);
          for (let j = 0; j < dim; j++) {
            const sum = rows.reduce((total, at, k) => total + exact[k]! * (hard[at + j]! - sigmoid(logits[j]!)), 0);
            expect(Math.abs(terms[s * dim + j]! - sum)).toBeLessThan((precision === "f64" ? 1e-11 : 1e-5) * spread * particles);
          }
        }
      }
    }
  });
});

const logSum = (l: readonly number[]): number => Math.max(...l) + Math.log(l.reduce((sum, own) => sum + Math.exp(own - Math.max(...l)), 0));

function twin(logs: readonly number[], geometric: boolean): Float64Array {
  const coefficient = new Float64Array(logs.length);
  combine(logs.length, geometric, logs, new Float64Array(logs.length), coefficient, new Float64Array(1));
  return coefficient;
}

/** log N(x; 2, 3), unnormalised parts and all. */
const target: Differentiable = differentiable((x, value, slope) => x.forEach((a, i) => {
  value[i] = -((a - 2) ** 2) / 18 - Math.log(3) - 0.5 * Math.log(2 * Math.PI);
  slope[i] = -(a - 2) / 9;
}));

describe("a normal target and ten particles (Tucker et al. 2019): the spreads of one sample", () => {
  // In the mean, and in the raw scale of a softplus: the derivative by log scale times (1 − exp(−scale)) / scale.
  const table: readonly [mean: number, scale: number, iwae: readonly [number, number], dreg: readonly [number, number], within: number][] = [
    [-3, 1, [0.0953, 0.2443], [0.6394, 1.1549], 0.03],
    [1.5, 2.5, [0.1302, 0.2274], [0.0153, 0.0443], 0.05],
    [2, 3, [0.1056, 0.1415], [0, 0], 0.03],
  ];
  const count = 200_000;
  const estimate = (by: Estimator<Normal, Differentiable, "importance-bound">, mean: number, scale: number) => {
    using grad = gradient(importanceBound(normal(1), target, { particles: 10 }), by, { samples: 1, batch: count });
    const out = grad.estimate({ mean: new Float64Array(count).fill(mean), logScale: new Float64Array(count).fill(Math.log(scale)) }, key(4));
    const raw = (1 - Math.exp(-scale)) / scale;
    return { mean: moments(out.gradient.mean), raw: moments(out.gradient.logScale.map((g) => g * raw) as Float64Array) };
  };
  const path = pathwise();
  it.each(table)("q = N(%d, %d)", (mean, scale, iwae, doubly, allowed) => {
    const [a, b] = [estimate(path, mean, scale), estimate(dreg(), mean, scale)];
    for (const [measured, exact] of [[a.mean, iwae[0]], [a.raw, iwae[1]], [b.mean, doubly[0]], [b.raw, doubly[1]]] as const) {
      if (exact === 0) expect(measured.variance).toBeLessThan(1e-28);
      else expect(Math.abs(Math.sqrt(measured.variance) / exact - 1)).toBeLessThan(allowed);
    }
    for (const part of ["mean", "raw"] as const) expect(Math.abs(a[part].mean - b[part].mean)).toBeLessThan(4 * Math.hypot(a[part].error, b[part].error) + 1e-12);
  });

  it("at q = target nothing is left of sticking the landing, at any draw", () => {
    using grad = gradient(importanceBound(normal(1), target, { particles: 1 }), stickingTheLanding(), { samples: 1000 });
    const terms = grad.perSample({ mean: Float64Array.of(2), logScale: Float64Array.of(Math.log(3)) }, key(1));
    for (const term of [...terms.mean, ...terms.logScale]) expect(Math.abs(term)).toBeLessThan(1e-14);
  });
});

describe("a normal posterior of two observations: the gradient of the ELBO is known", () => {
  // z ~ N(0, 1), x ~ N(z, 1), x = (−0.5, 2); at q = N(0, 1) d ELBO = −(0.5, −2) for each, −2 for the scale of each.
  const data = [-0.5, 2];
  const f = differentiable((z, value, slope) => {
    for (let i = 0; i < value.length; i++) {
      value[i] = -2 * Math.log(2 * Math.PI);
      data.forEach((x, j) => {
        const a = z[2 * i + j]!;
        value[i]! += -0.5 * a * a - 0.5 * (x - a) ** 2;
        slope[2 * i + j] = x - 2 * a;
      });
    }
  });
  const estimators = [
    ["pathwise", pathwise()], ["dreg", dreg()], ["stickingTheLanding", stickingTheLanding()],
    ["scoreFunction", scoreFunction({ baseline: leaveOneOut() })],
  ] as const;
  it.each(estimators)("by %s, in both precisions", (_, by) => {
    for (const precision of ["f64", "f32"] as const) {
      using grad = gradient(importanceBound(normal(2), f, { particles: 1 }), by as ReturnType<typeof dreg>, { samples: 50_000, precision: precision as "f64" });
      const zeros = () => new (precision === "f64" ? Float64Array : Float32Array)(2) as Float64Array;
      const { gradient: g, standardError: se } = grad.estimate({ mean: zeros(), logScale: zeros() }, key(6));
      for (const [j, exact] of [-0.5, 2].entries()) {
        expect(Math.abs(g.mean[j]! - exact) / se.mean[j]!).toBeLessThan(4);
        expect(Math.abs(g.logScale[j]! + 1) / se.logScale[j]!).toBeLessThan(4);
      }
    }
  });

  it.each([["pathwise", pathwise()], ["dreg", dreg()]] as const)("%s and the score function agree on three particles", (_, by) => {
    const at = { mean: Float64Array.of(0.3, 0.6), logScale: Float64Array.of(-0.4, 0.2) };
    using path = gradient(importanceBound(normal(2), f, { particles: 3 }), by as ReturnType<typeof dreg>, { samples: 60_000 });
    using score = gradient(importanceBound(normal(2), f, { particles: 3 }), vimco(), { samples: 60_000 });
    const [a, b] = [path.estimate(at, key(1)), score.estimate(at, key(2))];
    for (const name of ["mean", "logScale"] as const) {
      for (const j of [0, 1]) expect(Math.abs(a.gradient[name][j]! - b.gradient[name][j]!)).toBeLessThan(4 * Math.hypot(a.standardError[name][j]!, b.standardError[name][j]!));
    }
    expect(Math.abs(a.value[0]! - b.value[0]!)).toBeLessThan(4 * Math.hypot(a.valueStandardError[0]!, b.valueStandardError[0]!));
  });
});

describe("with a network in front and parameters in f", () => {
  const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [2, 3] }, { u: 2 });
  const decoder = expression((z, { W, t }) => z.matmul(W).sub(t).square().sum().mul(-1), { W: [3, 2] }, { t: 2 });
  const params = { U: Float64Array.of(0.3, -0.5, 0.2, 0.7, 0.1, -0.4), W: Float64Array.of(0.5, -0.2, 0.3, 0.9, -0.6, 0.1) };
  const context = { u: Float64Array.of(1, 0.5, -0.3, 0.8), t: Float64Array.of(0.2, 0.4, -0.5, 1) };
  const particles = 2;

  /** The bound of each problem, by all 8² pairs of draws. */
  function exact({ U, W }: typeof params): number[] {
    return [0, 1].map((b) => {
      const logits = [0, 1, 2].map((j) => context.u[2 * b]! * U[j]! + context.u[2 * b + 1]! * U[3 + j]!);
      const points = Array.from({ length: 8 }, (_, i) => {
        const z = [0, 1, 2].map((j) => (i >> j) & 1);
        const f = -[0, 1].reduce((sum, w) => sum + (z.reduce((dot, own, j) => dot + own * W[2 * j + w]!, 0) - context.t[2 * b + w]!) ** 2, 0);
        return { f, log: z.reduce((sum, own, j) => sum + Math.log(sigmoid(own === 1 ? logits[j]! : -logits[j]!)), 0) };
      });
      return points.reduce((sum, p) => sum + points.reduce((part, q) => part + Math.exp(p.log + q.log) * (logSum([p.f - p.log, q.f - q.log]) - Math.log(2)), 0), 0);
    });
  }

  it.each([["vimco", vimco()], ["scoreFunction", scoreFunction()]] as const)("%s gives both their gradient", (_, by) => {
    using grad = gradient(importanceBound(given(bernoulli(3), encoder), decoder, { particles }), by, { samples: 4, batch: 2 });
    const estimates = Array.from({ length: 4000 }, (_, i) => grad.estimate(params, key(7).fold(i), { context }));
    for (const name of ["U", "W"] as const) {
      for (let j = 0; j < 6; j++) {
        const moved = (by: number) => exact({ ...params, [name]: params[name].map((v, i) => (i === j ? v + by : v)) }).reduce((a, b) => a + b);
        const seen = moments(Float64Array.from(estimates, ({ gradient: g }) => g[name][j]!));
        expect(Math.abs(seen.mean - (moved(1e-5) - moved(-1e-5)) / 2e-5) / seen.error, `${name}[${j}]`).toBeLessThan(4);
      }
    }
    for (const b of [0, 1]) {
      const seen = moments(Float64Array.from(estimates, ({ value }) => value[b]!));
      expect(Math.abs(seen.mean - exact(params)[b]!) / seen.error).toBeLessThan(4);
    }
  });
});

describe("a normal behind a network, with parameters in f", () => {
  const encoder = network(({ u, A, s }) => ({ mean: u.matmul(A), logScale: u.matmul(A).mul(0).add(s) }), { A: [2, 2], s: [2] }, { u: 2 });
  const together = expression((z, { W, u }) => z.matmul(W).sub(u).square().sum().mul(-1).sub(z.square().sum().mul(0.5)), { W: [2, 2] }, { u: 2 });
  const params = { A: Float64Array.of(0.3, -0.5, 0.2, 0.7), s: Float64Array.of(-0.5, -0.2), W: Float64Array.of(0.5, -0.2, 0.3, 0.9) };
  const context = { u: Float64Array.of(1, 0.5, -0.3, 0.8, 0.1, -1) };
  const estimates = (by: Estimator<Normal, Differentiable, "importance-bound">, seed: number) => {
    using grad = gradient(importanceBound(given(normal(2), encoder), together, { particles: 3 }), by as ReturnType<typeof dreg>, { samples: 8, batch: 3 });
    return Array.from({ length: 1500 }, (_, i) => grad.estimate(params, key(seed).fold(i), { context }));
  };
  const byScore = estimates(vimco(), 1);

  it.each([["pathwise", pathwise()], ["dreg", dreg()]] as const)("%s agrees with vimco, which needs no path", (_, by) => {
    const byPath = estimates(by, 2);
    for (const name of ["A", "s", "W"] as const) {
      for (let j = 0; j < params[name].length; j++) {
        const [a, b] = [byScore, byPath].map((all) => moments(Float64Array.from(all, ({ gradient: g }) => g[name][j]!)));
        expect(Math.abs(a!.mean - b!.mean) / Math.hypot(a!.error, b!.error), `${name}[${j}]`).toBeLessThan(4);
      }
    }
    for (const b of [0, 1, 2]) {
      const [x, y] = [byScore, byPath].map((all) => moments(Float64Array.from(all, ({ value }) => value[b]!)));
      expect(Math.abs(x!.mean - y!.mean) / Math.hypot(x!.error, y!.error)).toBeLessThan(4);
    }
  });
});

describe("normal has the derivative of its log density in x", () => {
  it("as finite differences have it, through dreg's terms", () => {
    const at = { mean: Float64Array.of(0.4, -1, 2), logScale: Float64Array.of(-0.3, 0.5, 0.1) };
    const flat = differentiable((_, value, slope) => (value.fill(0), slope.fill(0)));
    for (const samples of [1, 5, 400]) {
      using grad = gradient(importanceBound(normal(3), flat, { particles: 1 }), stickingTheLanding(), { samples });
      const { soft } = grad.propose(at, key(9));
      const terms = grad.perSample(at, key(9));
      soft.forEach((x, i) => {
        const j = i % 3;
        const slope = (x - at.mean[j]!) * Math.exp(-2 * at.logScale[j]!);
        expect(terms.mean[i]!).toBeCloseTo(slope, 12);
        expect(terms.logScale[i]!).toBeCloseTo(slope * (x - at.mean[j]!), 12);
      });
    }
  });
});

describe("sticking the landing with several particles, which is biased and says so", () => {
  // q = N(m, s), f = log N(x; 2, 3) but for a constant.
  const [m, s] = [0.5, 1.2];
  const at = { mean: Float64Array.of(m), logScale: Float64Array.of(Math.log(s)) };
  const log = (x: number): number => -0.5 * ((x - 2) / 3) ** 2;
  const f = differentiable((x, value, slope) => x.forEach((v, i) => {
    value[i] = log(v);
    slope[i] = (2 - v) / 9;
  }));
  /** log w of a draw, and ∂(f − log q)/∂x. */
  const weighed = (z: number) => ({ log: log(m + s * z) + 0.5 * z * z, slope: (2 - m - s * z) / 9 + z / s });
  const landing = (particles: number, samples: number) => gradient(importanceBound(normal(1), f, { particles }), stickingTheLanding({ biased: true }), { samples });

  /** Means over K = 2 draws: Σ wₖᵖ ∂(f − log q)/∂x · (1, s z), by quadrature. */
  function exact(power: 1 | 2): { mean: number; logScale: number } {
    const nodes = Array.from({ length: 24 * 24 + 1 }, (_, i) => (i - 288) / 36).map((z) => ({ z, p: Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / 36, ...weighed(z) }));
    let [mean, logScale] = [0, 0];
    for (const a of nodes) {
      for (const b of nodes) {
        const share = 1 / (1 + Math.exp(b.log - a.log));
        const term = 2 * a.p * b.p * share ** power * a.slope; // both particles are alike
        mean += term;
        logScale += term * s * a.z;
      }
    }
    return { mean, logScale };
  }

  it("has the biased mean that quadrature gives, and not the gradient", () => {
    using grad = landing(2, 400_000);
    const { gradient: g, standardError: se, biased } = grad.estimate(at, key(1));
    const [own, truth] = [exact(1), exact(2)];
    for (const name of ["mean", "logScale"] as const) {
      expect(Math.abs(g[name][0]! - own[name])).toBeLessThan(4 * se[name][0]!);
      expect(Math.abs(g[name][0]! - truth[name])).toBeGreaterThan(20 * se[name][0]!);
    }
    expect(biased).toEqual(["mean", "logScale"]);
    using unbiased = gradient(importanceBound(normal(1), f, { particles: 2 }), dreg(), { samples: 400_000 });
    const { gradient: d, standardError: de } = unbiased.estimate(at, key(1));
    for (const name of ["mean", "logScale"] as const) expect(Math.abs(d[name][0]! - truth[name])).toBeLessThan(4 * de[name][0]!);
    expect((stickingTheLanding({ biased: true }) as { unbiased: boolean }).unbiased).toBe(false);
    expect((stickingTheLanding() as { unbiased: boolean }).unbiased).toBe(true);
  });

  it.each([2, 5])("differs from DReG, draw by draw, by Σ (w − w²) ∂(f − log q)/∂x · ∂x/∂θ: %i particles", (particles) => {
    using own = landing(particles, 50);
    using other = gradient(importanceBound(normal(1), f, { particles }), dreg(), { samples: 50 });
    const { soft } = own.propose(at, key(2));
    const [stl, doubly] = [own.perSample(at, key(2)), other.perSample(at, key(2))];
    for (let sample = 0; sample < 50; sample++) {
      const draws = Array.from({ length: particles }, (_, k) => (soft[k * 50 + sample]! - m) / s).map((z) => ({ z, ...weighed(z) }));
      const total = draws.reduce((sum, { log: l }) => sum + Math.exp(l), 0);
      const known = draws.map(({ log: l, ...draw }) => ({ ...draw, extra: (Math.exp(l) / total) * (1 - Math.exp(l) / total) }));
      expect(stl.mean[sample]! - doubly.mean[sample]!).toBeCloseTo(known.reduce((sum, { extra, slope }) => sum + extra * slope, 0), 12);
      expect(stl.logScale[sample]! - doubly.logScale[sample]!).toBeCloseTo(known.reduce((sum, { extra, slope, z }) => sum + extra * slope * s * z, 0), 12);
    }
  });

  it("with one particle is what it is without saying so; at the posterior nothing is left of it", () => {
    using said = landing(1, 64);
    using silent = gradient(importanceBound(normal(1), f, { particles: 1 }), stickingTheLanding(), { samples: 64 });
    expect(said.perSample(at, key(3))).toEqual(silent.perSample(at, key(3)));
    using five = landing(5, 100);
    const terms = five.perSample({ mean: Float64Array.of(2), logScale: Float64Array.of(Math.log(3)) }, key(1));
    for (const term of [...terms.mean, ...terms.logScale]) expect(Math.abs(term)).toBeLessThan(1e-14);
  });

  it("leaves the bound and the gradient of f's own parameters unbiased", () => {
    const own = expression((x, { c }) => x.sub(c!).square().mul(-0.5).sum(), { c: [1] });
    const objective = importanceBound(normal(1), own, { particles: 3 });
    using a = gradient(objective, stickingTheLanding({ biased: true }), { samples: 20_000 });
    using b = gradient(objective, dreg(), { samples: 20_000 });
    const params = { ...at, c: Float64Array.of(0.8) };
    const [x, y] = [a.estimate(params, key(4)), b.estimate(params, key(4))];
    expect(x.value).toEqual(y.value);
    expect(x.gradient.c).toEqual(y.gradient.c);
    expect(x.biased).not.toContain("c");
  });
});

describe("what cannot be done is refused by a sentence", () => {
  const f = batched((_, value) => void value.fill(0));
  it("an estimator of the other objective", () => {
    const q = importanceBound(bernoulli(1), f, { particles: 2 });
    expect(() => gradient(q, vimco() as never, { samples: 0 })).toThrow(RangeError);
    expect(() => gradient({ ...q, kind: "expectation", exact: [] } as never, vimco() as never, { samples: 1 })).toThrow(
      new TypeError("vimco: estimates importanceBound(…), not expectation(…). Use scoreFunction(), disarm() or enumerate()."),
    );
    expect(() => gradient(q, pathwise() as never, { samples: 1 })).toThrow(new TypeError("pathwise: bernoulli has no path. Use vimco()."));
  });
  it("a control variate, which is for expectations, and a bound for one part of a family", () => {
    const controlVariate = { control: f, mean: () => ({ value: new Float64Array(1), gradient: { logits: new Float64Array(1) } }) };
    expect(() => gradient(importanceBound(bernoulli(1), f, { particles: 1 }), scoreFunction({ controlVariate }), { samples: 3 })).toThrow(
      new TypeError("scoreFunction: estimates expectation(…), not importanceBound(…). Use vimco()."),
    );
    expect(() => each({ z: vimco() as never })).toThrow(new TypeError("each: vimco of z estimates importanceBound(…). Take an estimator of an expectation."));
    expect(() => gradient(importanceBound(joint({ z: bernoulli(1) }), f, { particles: 2 }), vimco(), { samples: 1 })).not.toThrow();
  });
  it("numbers of particles", () => {
    expect(() => importanceBound(bernoulli(1), f, { particles: 0 })).toThrow(new RangeError('importanceBound: "particles" expected integer >= 1, got 0'));
    expect(() => gradient(importanceBound(bernoulli(1), f, { particles: 1 }), vimco(), { samples: 1 })).toThrow(
      new RangeError('vimco: "particles" expected at least 2, got 1. For one particle use scoreFunction(), or stickingTheLanding() where q has a path.'),
    );
    expect(() => gradient(importanceBound(normal(1), target, { particles: 2 }), stickingTheLanding(), { samples: 1 })).toThrow(
      new RangeError('stickingTheLanding: "particles" expected 1, got 2. For more particles use dreg(), or say { biased: true }: it is, there.'),
    );
  });
  it("options that are none", () => {
    expect(() => stickingTheLanding({ biased: false } as never)).toThrow('stickingTheLanding: "biased" expected true, or nothing to be said of it, got false. Without it, it is for 1 particle.');
    expect(() => stickingTheLanding({ bias: true } as never)).toThrow('stickingTheLanding: "bias" expected no such option');
    expect(() => vimco({ mean: "harmonic" as never })).toThrow(new RangeError('vimco: "mean" expected "geometric" or "arithmetic", got harmonic'));
    expect(() => vimco({ means: 1 } as never)).toThrow(TypeError);
    expect(() => importanceBound(bernoulli(1), f, { particle: 2 } as never)).toThrow(TypeError);
  });
});
