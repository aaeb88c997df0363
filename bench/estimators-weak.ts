/**
 * Whole estimates through the public functions, as in bench/estimators.ts: measure-valued derivatives, perturbed parameters, point sets,
 * and what lowers the variance of the score function.
 */
import * as coordinates from "../reference/baselines/per-coordinate.ts";
import * as flips from "../reference/distributions/bernoulli.ts";
import * as weak from "../reference/distributions/normal-weak.ts";
import { quantiles } from "../reference/distributions/quantiles.ts";
import * as measures from "../reference/estimators/measure-valued.ts";
import * as path from "../reference/estimators/pathwise.ts";
import * as perturbations from "../reference/estimators/perturbation.ts";
import * as conditional from "../reference/estimators/rao-blackwell.ts";
import * as score from "../reference/estimators/score-function.ts";
import type { Precision } from "../src/core/core.ts";
import {
  batched, bernoulli, differentiable, evolutionStrategies, expectation, gradient, key, measureValued, muProp, normal, pathwise, perCoordinate, raoBlackwell, scoreFunction, sobol, spsa,
} from "../src/index.ts";
import { cellsOf } from "../src/noise/sobol.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Case, Floats, Outcome } from "./case.ts";
import { next, unit } from "./random.ts";
import * as plain from "./twins.ts";

/** f = (x₀ − 0.45)², and its gradient. */
const valuesOf = (dim: number) => (x: Floats, value: Floats): void => {
  for (let i = 0; i < value.length; i++) value[i] = (x[i * dim]! - 0.45) ** 2;
};
const slopesOf = (dim: number) => (x: Floats, value: Floats, slope: Floats): void => {
  slope.fill(0);
  for (let i = 0; i < value.length; i++) {
    value[i] = (x[i * dim]! - 0.45) ** 2;
    slope[i * dim] = 2 * (x[i * dim]! - 0.45);
  }
};

interface Grad {
  estimate(params: never, at: ReturnType<typeof key>, options?: { readonly out?: never }): { readonly gradient: Record<string, Floats>; readonly standardError: Record<string, Floats> };
}

/** A case of one estimator, at fixed parameters, and of the same in plain TypeScript. */
function estimateCase(name: string, elements: number, grad: Grad, params: Record<string, Floats>, twin: () => score.Estimate): Case {
  const out = grad.estimate(params as never, key(1));
  let [step, own] = [0, twin()];
  const all = (record: Record<string, Floats>): number[] => Object.values(record).flatMap((array) => [...array]);
  return {
    name,
    elements,
    kernel: () => grad.estimate(params as never, key(1).fold(step++), { out: out as never }),
    twin: () => void (own = twin()),
    outcome: (): Outcome => ({ alike: "estimates", kernel: all(out.gradient), twin: own.gradient, errors: [all(out.standardError), own.standardError] }),
  };
}

const normals = (precision: Precision, dim: number) => ({ mean: arrayOf(precision, dim).fill(1), logScale: arrayOf(precision, dim).fill(-1) });

const exponential = (): number => -Math.log(unit());

function measureValuedNormals(precision: Precision): Case {
  const [samples, dim] = [250, 16];
  const f = valuesOf(dim);
  const params = normals(precision, dim);
  const entries = 2 * dim;
  const points = 1 + 2 * entries;
  const block = samples * dim;
  const [x, value, constant, z] = [points * block, points * samples, entries * samples, 2 * samples].map((n) => arrayOf(precision, n)) as [Floats, Floats, Floats, Floats];
  const scale = Math.exp(-1);
  const twin = (): score.Estimate => {
    plain.normals(x.subarray(0, block));
    for (let i = 0; i < block; i++) x[i] = 1 + scale * x[i]!;
    for (let e = 0, at = block; e < entries; e++, at += 2 * block) {
      x.copyWithin(at, 0, block);
      x.copyWithin(at + block, 0, block);
      if (e >= dim) plain.normals(z);
      for (let r = 0, i = at + (e % dim); r < samples; r++, i += dim) {
        const [plus, minus] = e < dim ? weak.ofMean(exponential(), 1, scale) : weak.ofScale(exponential(), z[r]!, unit(), 1, scale);
        x[i] = plus;
        x[i + block] = minus;
        constant[e * samples + r] = e < dim ? weak.constant(scale) : 1;
      }
    }
    f(x, value);
    return measures.combine(entries, samples, value.subarray(samples), constant);
  };
  const grad = gradient(expectation(normal(dim), batched(f)), measureValued(), { samples, precision });
  return estimateCase(`measure-valued of 16 normals ${precision}`, points * block, grad as unknown as Grad, params, twin);
}

function perturbed(precision: Precision, kind: "SPSA" | "evolution strategies"): Case {
  const [samples, dim, step] = [500, 256, 0.1];
  const f = valuesOf(dim);
  const params = normals(precision, dim);
  const size = 2 * dim;
  const theta = [...params.mean, ...params.logScale];
  const [direction, moved, z, x] = [samples * size, samples * size, samples * dim, samples * dim].map((n) => arrayOf(precision, n)) as [Floats, Floats, Floats, Floats];
  const values = [arrayOf(precision, samples), arrayOf(precision, samples)] as const;
  const twin = (): score.Estimate => {
    if (kind === "SPSA") for (let i = 0; i < direction.length; i++) direction[i] = next() & 1 ? 1 : -1;
    else plain.normals(direction);
    plain.normals(z);
    for (const [side, value] of values.entries()) {
      perturbations.move(side === 0 ? step : -step, theta, direction, moved);
      for (let r = 0, i = 0; r < samples; r++) for (let j = 0; j < dim; j++, i++) x[i] = moved[r * size + j]! + Math.exp(moved[r * size + dim + j]!) * z[i]!;
      f(x, value);
    }
    return perturbations.combine(size, step, direction, values[0], values[1]);
  };
  const by = kind === "SPSA" ? spsa({ step }) : evolutionStrategies({ scale: step });
  const grad = gradient(expectation(normal(dim), batched(f)), by, { samples, precision });
  return estimateCase(`${kind} of 256 normals ${precision}`, 2 * samples * dim, grad as unknown as Grad, params, twin);
}

function pointSets(precision: Precision): Case {
  const [sets, bits, dim] = [16, 6, 64];
  const points = 2 ** bits;
  const f = slopesOf(dim);
  const params = normals(precision, dim);
  const cells = cellsOf(dim, bits);
  const n = sets * points * dim;
  const [x, slope, value] = [arrayOf(precision, n), arrayOf(precision, n), arrayOf(precision, sets * points)];
  const tree = new Int32Array(points);
  const scale = Math.exp(-1);
  const twin = (): score.Estimate => {
    for (let r = 0; r < sets; r++) {
      for (let j = 0; j < dim; j++) {
        tree[0] = 0;
        for (let d = 1; d < points; d *= 2) {
          for (let k = d - 1; k >= 0; k--) {
            const flip = next() & 1;
            const above = 2 * tree[k]!;
            tree[2 * k] = above | flip;
            tree[2 * k + 1] = above | (1 - flip);
          }
        }
        for (let i = 0; i < points; i++) x[(r * points + i) * dim + j] = 1 + scale * quantiles.normal((tree[cells[j * points + i]!]! + unit()) / points);
      }
    }
    f(x, value, slope);
    return setMeans(sets, points, dim, slope, x);
  };
  const grad = gradient(expectation(normal(dim), differentiable(f)), pathwise({ noise: sobol({ points }) }), { samples: sets, precision });
  return estimateCase(`pathwise of 64 normals from Sobol' points ${precision}`, n, grad as unknown as Grad, params, twin);
}

/** The pathwise terms of each set averaged, then their mean and standard error. */
function setMeans(sets: number, points: number, dim: number, slope: Floats, x: Floats): score.Estimate {
  const all = score.sums(2 * dim);
  const mean = new Float64Array(dim).fill(1);
  for (let r = 0; r < sets; r++) {
    const own = path.combine(mean, x.subarray(r * points * dim, (r + 1) * points * dim), slope.subarray(r * points * dim, (r + 1) * points * dim)).gradient;
    own.forEach((g, j) => {
      all.terms[j]! += g;
      all.squares[j]! += g * g;
    });
  }
  return score.estimate(sets, all);
}

const logitsOf = (precision: Precision, dim: number): Floats => arrayOf(precision, dim).map((_, i) => 2 * Math.sin(i * i));

function coordinateBaselines(precision: Precision): Case {
  const [samples, dim] = [1000, 256];
  const f = valuesOf(dim);
  const params = { logits: logitsOf(precision, dim) };
  const probs = flips.probs(params.logits);
  const [x, value] = [arrayOf(precision, samples * dim), arrayOf(precision, samples)];
  const ones = new Float64Array(samples).fill(1);
  const twin = (): score.Estimate => {
    plain.flips(probs, x);
    f(x, value);
    for (let e = 0, j = 0; e < x.length; e++) {
      x[e]! -= probs[j]!;
      if (++j === dim) j = 0;
    }
    const terms = coordinates.center(samples, 1, dim, value, ones, x);
    const all = score.sums(dim);
    for (let r = 0, e = 0; r < samples; r++) {
      for (let j = 0; j < dim; j++, e++) {
        all.terms[j]! += terms[e]!;
        all.squares[j]! += terms[e]! * terms[e]!;
      }
    }
    return score.estimate(samples, all);
  };
  const grad = gradient(expectation(bernoulli(dim), batched(f)), scoreFunction({ baseline: perCoordinate() }), { samples, precision });
  return estimateCase(`score function of 256 flips, a baseline per coordinate ${precision}`, samples * dim, grad as unknown as Grad, params, twin);
}

function meanField(precision: Precision): Case {
  const [samples, dim] = [1000, 256];
  const f = slopesOf(dim);
  const params = { logits: logitsOf(precision, dim) };
  const probs = flips.probs(params.logits);
  const [x, value] = [arrayOf(precision, samples * dim), arrayOf(precision, samples)];
  const [atMean, g] = [arrayOf(precision, 1), arrayOf(precision, dim)];
  const twin = (): score.Estimate => {
    plain.flips(probs, x);
    valuesOf(dim)(x, value);
    f(probs, atMean, g);
    for (let r = 0, e = 0; r < samples; r++) {
      let h = atMean[0]!;
      for (let j = 0; j < dim; j++, e++) h += g[j]! * (x[e]! - probs[j]!);
      value[r]! -= h;
    }
    const own = score.combine(probs, x, value);
    return { ...own, gradient: own.gradient.map((term, j) => term + g[j]! * probs[j]! * (1 - probs[j]!)) };
  };
  const grad = gradient(expectation(bernoulli(dim), differentiable(f)), muProp(), { samples, precision });
  return estimateCase(`MuProp of 256 flips ${precision}`, samples * dim, grad as unknown as Grad, params, twin);
}

function conditionalMeans(precision: Precision): Case {
  const [samples, dim, chosen] = [500, 64, [0, 5, 9, 33]];
  // The chosen meet one that is not, or their derivatives would have no noise.
  const f = (at: Floats, out: Floats): void => {
    for (let i = 0, x = 0; i < out.length; i++, x += dim) out[i] = (at[x]! + 2 * at[x + 5]! - at[x + 9]! + 3 * at[x + 33]! + 0.5 * at[x + 1]! - 0.45) ** 2;
  };
  const params = { logits: logitsOf(precision, dim) };
  const probs = flips.probs(params.logits);
  const points = 2 ** chosen.length;
  const block = samples * dim;
  const [x, value] = [arrayOf(precision, points * block), arrayOf(precision, points * samples)];
  const twin = (): score.Estimate => {
    plain.flips(probs, x.subarray(0, block));
    for (let v = points - 1; v >= 0; v--) {
      x.copyWithin(v * block, 0, block);
      for (const [k, j] of chosen.entries()) for (let i = v * block + j; i < (v + 1) * block; i += dim) x[i] = (v >> k) & 1;
    }
    f(x, value);
    const { weight, mean } = conditional.average(chosen.map((j) => [1 - probs[j]!, probs[j]!]), samples, value);
    const total = mean.reduce((a, b) => a + b, 0);
    const all = score.sums(dim);
    const terms = new Float64Array(dim);
    for (let r = 0; r < samples; r++) {
      const b = (total - mean[r]!) / (samples - 1);
      terms.fill(0);
      for (let v = 0; v < points; v++) {
        const c = weight[v]! * (value[v * samples + r]! - b);
        for (let j = 0, e = (v * samples + r) * dim; j < dim; j++, e++) terms[j]! += c * (x[e]! - probs[j]!);
      }
      for (let j = 0; j < dim; j++) {
        all.terms[j]! += terms[j]!;
        all.squares[j]! += terms[j]! * terms[j]!;
      }
    }
    return score.estimate(samples, all);
  };
  const grad = gradient(expectation(bernoulli(dim), batched(f)), raoBlackwell({ coordinates: chosen }), { samples, precision });
  return estimateCase(`Rao–Blackwell over 4 of 64 flips ${precision}`, points * block, grad as unknown as Grad, params, twin);
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [
  measureValuedNormals(precision), perturbed(precision, "SPSA"), perturbed(precision, "evolution strategies"), pointSets(precision), coordinateBaselines(precision), meanField(precision),
  conditionalMeans(precision),
]);
