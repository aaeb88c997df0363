/**
 * Whole estimates of the estimators whose arithmetic is little: what is left is draws, f and sums. Two are near their twins or behind them: finite
 * differences draw the same noise anew for each of 16 points, where the twin draws it once; antithetic points go through the quantile in both halves.
 */
import * as controls from "../reference/estimators/relax.ts";
import { type Estimate, estimate, sums } from "../reference/estimators/score-function.ts";
import type { Precision } from "../src/core/core.ts";
import {
  antithetic, batched, bernoulli, deltaMethod, differentiable, enumerate, expectation, expression, finiteDifferences, gradient, importanceBound, lax, normal, pathwise, scoreFunction, stickingTheLanding,
} from "../src/index.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Case, Floats } from "./case.ts";
import * as plain from "./twins.ts";
import { type Parameters, whole as wholeCase } from "./whole.ts";

const SAMPLES = 1000;
const DIM = 16;

/** A case of a whole estimate. */
const whole = (name: string, elements: number, made: object, params: Parameters, twin: () => Estimate, exact = false): Case => wholeCase({ name, elements, made, params, twin, exact });

/** f of 12 flips reads two of them. */
function counted(precision: Precision): Case {
  const dim = 12;
  const points = 2 ** dim;
  const f = (x: Floats, value: Floats): void => {
    for (let i = 0; i < value.length; i++) value[i] = (x[i * dim]! - 0.45) ** 2 + x[i * dim + 1]!;
  };
  const logits = arrayOf(precision, dim).map((_, i) => Math.sin(i * i)) as Floats;
  const probs = logits.map((l) => 1 / (1 + Math.exp(-l)));
  const [x, value] = [arrayOf(precision, points * dim), arrayOf(precision, points)];
  const made = gradient(expectation(bernoulli(dim), batched(f)), enumerate(), { samples: 1, precision });
  return whole(`enumerate 12 flips ${precision}`, points * dim, made, { logits }, () => {
    for (let i = 0, at = 0; i < points; i++) {
      for (let j = 0; j < dim; j++, at++) x[at] = (i >> j) & 1;
    }
    f(x, value);
    const gradientOf = new Float64Array(dim);
    for (let i = 0, at = 0; i < points; i++, at += dim) {
      let p = value[i]!;
      for (let j = 0; j < dim; j++) p *= x[at + j] === 1 ? probs[j]! : 1 - probs[j]!;
      for (let j = 0; j < dim; j++) gradientOf[j]! += p * (x[at + j]! - probs[j]!);
    }
    return { gradient: gradientOf, standardError: new Float64Array(dim) };
  }, true);
}

const square = (x: Floats, value: Floats, slope: Floats): void => {
  for (let i = 0, at = 0; i < value.length; i++) {
    let sum = 0;
    for (let j = 0; j < DIM; j++, at++) {
      sum += x[at]! * x[at]!;
      slope[at] = 2 * x[at]!;
    }
    value[i] = sum;
  }
};

function paths(word: "antithetic" | "landing", precision: Precision): Case {
  const mean = arrayOf(precision, DIM).map((_, i) => Math.sin(i)) as Floats;
  const logScale = arrayOf(precision, DIM).fill(0.25) as Floats;
  const points = word === "antithetic" ? 2 : 1;
  const rows = points * SAMPLES;
  const [x, z, slope, value] = [rows * DIM, rows * DIM, rows * DIM, rows].map((length) => arrayOf(precision, length)) as [Floats, Floats, Floats, Floats];
  const half = arrayOf(precision, SAMPLES * DIM);
  const scale = Math.exp(0.25);
  const f = differentiable(square as never);
  const made = word === "antithetic"
    ? gradient(expectation(normal(DIM), f), pathwise({ noise: antithetic() }), { samples: SAMPLES, precision })
    : gradient(importanceBound(normal(DIM), f, { particles: 1 }), stickingTheLanding(), { samples: SAMPLES, precision });
  return whole(word === "antithetic" ? `pathwise of 16 normals, antithetic ${precision}` : `sticking the landing of 16 normals ${precision}`, rows * DIM, made, { mean, logScale }, () => {
    plain.normals(half);
    for (let e = 0; e < half.length; e++) {
      z[e] = half[e]!;
      if (points === 2) z[half.length + e] = -half[e]!;
    }
    for (let e = 0; e < z.length; e++) x[e] = mean[e % DIM]! + scale * z[e]!;
    square(x, value, slope);
    const all = sums(2 * DIM);
    for (let r = 0; r < SAMPLES; r++) {
      for (let j = 0; j < DIM; j++) {
        let [a, b] = [0, 0];
        for (let p = 0, at = r * DIM + j; p < points; p++, at += SAMPLES * DIM) {
          const own = slope[at]! + (points === 1 ? z[at]! / scale : 0);
          a += own / points;
          b += (own * scale * z[at]!) / points;
        }
        all.terms[j]! += a;
        all.squares[j]! += a * a;
        all.terms[DIM + j]! += b;
        all.squares[DIM + j]! += b * b;
      }
    }
    return estimate(SAMPLES, all);
  });
}

/** Both means of every number of θ over the same noise. */
function differences(precision: Precision): Case {
  const step = 0.01;
  const mean = arrayOf(precision, 4).map((_, i) => Math.sin(i)) as Floats;
  const logScale = arrayOf(precision, 4) as Floats;
  const f = (x: Floats, value: Floats): void => {
    for (let i = 0; i < value.length; i++) value[i] = x[4 * i]! ** 2 + x[4 * i]! * x[4 * i + 1]!;
  };
  const [z, x] = [arrayOf(precision, SAMPLES * 4), arrayOf(precision, SAMPLES * 4)];
  const values = [arrayOf(precision, SAMPLES), arrayOf(precision, SAMPLES)] as const;
  const made = gradient(expectation(normal(4), batched(f as never)), finiteDifferences({ step }), { samples: SAMPLES, precision });
  return whole(`finite differences of 4 normals ${precision}`, 16 * SAMPLES * 4, made, { mean, logScale }, () => {
    plain.normals(z);
    const all = sums(8);
    for (let e = 0; e < 8; e++) {
      values.forEach((value, side) => {
        const moved = (k: number): number => (k === e ? (side === 0 ? step : -step) : 0);
        const [means, scales] = [[0, 1, 2, 3].map((j) => mean[j]! + moved(j)), [0, 1, 2, 3].map((j) => Math.exp(logScale[j]! + moved(4 + j)))];
        for (let i = 0; i < z.length; i++) x[i] = means[i & 3]! + scales[i & 3]! * z[i]!;
        f(x, value);
      });
      for (let r = 0; r < SAMPLES; r++) {
        const term = (values[0][r]! - values[1][r]!) / (2 * step);
        all.terms[e]! += term;
        all.squares[e]! += term * term;
      }
    }
    return estimate(SAMPLES, all);
  });
}

/** Adds both terms of each normal: a coefficient times its score, and what comes along the path. */
function takeNormal(all: ReturnType<typeof sums>, dim: number, j: number, coefficient: number, z: number, scale: number, alongMean: number, alongScale: number): void {
  const [a, b] = [(coefficient * z) / scale + alongMean, coefficient * (z * z - 1) + alongScale];
  all.terms[j]! += a;
  all.squares[j]! += a * a;
  all.terms[dim + j]! += b;
  all.squares[dim + j]! += b * b;
}

/** A network of 16 as the control variate of 64 normals; f reads one of them. */
function learned(precision: Precision): Case {
  const [dim, hidden] = [64, 16];
  const mean = arrayOf(precision, dim).map((_, i) => Math.sin(i)) as Floats;
  const logScale = arrayOf(precision, dim).fill(0.25) as Floats;
  const scale = Math.exp(0.25);
  const weights = Float64Array.from({ length: dim * hidden }, (_, i) => 0.2 * Math.sin(i * i));
  const control = { weights, bias: new Float64Array(hidden), output: new Float64Array(hidden), linear: new Float64Array(dim), constant: 0 };
  const [z, x, slope] = [0, 0, 0].map(() => arrayOf(precision, SAMPLES * dim)) as [Floats, Floats, Floats];
  const [value, ofX] = [arrayOf(precision, SAMPLES), arrayOf(precision, SAMPLES)];
  const f = (points: Floats, into: Floats): void => into.forEach((_, i) => (into[i] = (points[i * dim]! - 0.45) ** 2));
  const made = gradient(expectation(normal(dim), batched(f as never)), lax(), { samples: SAMPLES, precision });
  return whole(`LAX of 64 normals ${precision}`, SAMPLES * dim, made, { mean, logScale }, () => {
    plain.normals(z);
    for (let e = 0; e < z.length; e++) x[e] = mean[e % dim]! + scale * z[e]!;
    f(x, value);
    controls.network(control, x, ofX, slope);
    const all = sums(2 * dim);
    for (let r = 0, at = 0; r < SAMPLES; r++) {
      for (let j = 0; j < dim; j++, at++) takeNormal(all, dim, j, value[r]! - ofX[r]!, z[at]!, scale, slope[at]!, slope[at]! * scale * z[at]!);
    }
    return estimate(SAMPLES, all);
  });
}

/** f = Σ (x − 0.3)² + x₀³ and its expansion at the mean, with the coefficient that fits best. */
function expanded(precision: Precision): Case {
  const mean = arrayOf(precision, DIM).map((_, i) => Math.sin(i)) as Floats;
  const logScale = arrayOf(precision, DIM).fill(-0.5) as Floats;
  const scale = Math.exp(-0.5);
  const [z, x] = [arrayOf(precision, SAMPLES * DIM), arrayOf(precision, SAMPLES * DIM)];
  const [value, quadratic] = [new Float64Array(SAMPLES), new Float64Array(SAMPLES)];
  const f = (points: ArrayLike<number>, at: number): number => {
    let sum = points[at]! ** 3;
    for (let j = 0; j < DIM; j++) sum += (points[at + j]! - 0.3) ** 2;
    return sum;
  };
  const formula = expression((v) => v.sub(0.3).square().sum().add(v.at(0).square().mul(v.at(0))));
  const made = gradient(expectation(normal(DIM), formula), scoreFunction({ controlVariate: deltaMethod() }), { samples: SAMPLES, precision });
  return whole(`delta method of 16 normals ${precision}`, SAMPLES * DIM, made, { mean, logScale }, () => {
    plain.normals(z);
    for (let e = 0; e < z.length; e++) x[e] = mean[e % DIM]! + scale * z[e]!;
    const slope = Array.from(mean, (m, j) => 2 * (m - 0.3) + (j === 0 ? 3 * m * m : 0));
    const curvature = Float64Array.from({ length: DIM * DIM }, (_, k) => (k % (DIM + 1) === 0 ? 2 + (k === 0 ? 6 * mean[0]! : 0) : 0));
    const center = f(mean, 0);
    let [ofF, ofQ] = [0, 0];
    for (let r = 0; r < SAMPLES; r++) {
      let sum = center;
      for (let j = 0; j < DIM; j++) {
        const away = scale * z[r * DIM + j]!;
        let bent = slope[j]!;
        for (let k = 0; k < DIM; k++) bent += 0.5 * curvature[j * DIM + k]! * scale * z[r * DIM + k]!;
        sum += away * bent;
      }
      [value[r], quadratic[r]] = [f(x, r * DIM), sum];
      ofF += value[r]! / SAMPLES;
      ofQ += sum / SAMPLES;
    }
    let [both, own] = [0, 0];
    for (let r = 0; r < SAMPLES; r++) {
      both += (value[r]! - ofF) * (quadratic[r]! - ofQ);
      own += (quadratic[r]! - ofQ) ** 2;
    }
    const by = both / own;
    const all = sums(2 * DIM);
    for (let r = 0, at = 0; r < SAMPLES; r++) {
      const left = (SAMPLES / (SAMPLES - 1)) * (value[r]! - ofF - by * (quadratic[r]! - ofQ));
      for (let j = 0; j < DIM; j++, at++) takeNormal(all, DIM, j, left, z[at]!, scale, by * slope[j]!, by * curvature[j * (DIM + 1)]! * scale * scale);
    }
    return estimate(SAMPLES, all);
  });
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [counted(precision), paths("antithetic", precision), paths("landing", precision), differences(precision), learned(precision), expanded(precision)]);
