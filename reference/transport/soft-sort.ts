/** Soft sorting by Sinkhorn's iteration in plain TypeScript, a list at a time, with arrays that are used again. */
import { iterate, kernelOf, plan } from "./sinkhorn.ts";

type Floats = Float32Array | Float64Array;

/** Iterations between two looks at the error. */
const PERIOD = 8;

/** Scalings of K until the columns are right, Σ |sums − b| ≤ tolerance. */
export function scale(rows: number, columns: number, tolerance: number, a: Floats, b: Floats, kernel: Floats, u: Floats, v: Floats, sums: Floats): void {
  v.fill(1);
  for (let t = 0; t < 20_000; t += PERIOD) {
    iterate(rows, columns, PERIOD - 1, a, b, kernel, u, v, sums);
    const before = v.slice();
    iterate(rows, columns, 1, a, b, kernel, u, v, sums);
    let error = 0;
    for (let j = 0; j < columns; j++) error += Math.abs(sums[j]! * before[j]! - b[j]!);
    if (error <= tolerance) return;
  }
}

/** What soft sorting needs room for, and where its pull-back begins. */
export interface Sorter {
  /** `[lists, width]` in ascending order. */
  readonly values: Floats;
  sort(): void;
  /** The cotangent of x. */
  pull(cotangent: Floats): Float64Array;
}

export function sorter(x: Floats, width: number, regularization: number, tolerance: number): Sorter {
  const numbers = x.constructor as Float64ArrayConstructor;
  const [lists, size] = [x.length / width, width * width];
  const [values, u, slopes, s] = [new numbers(x.length), new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length)];
  const [plans, kernel, cost] = [new numbers(lists * size), new numbers(size), new numbers(size)];
  const [left, right, sums, masses] = [new numbers(width), new numbers(width), new numbers(width), new numbers(width).fill(1 / width)];
  const deviations = new Float64Array(lists);
  const squash = (p: number): void => {
    let [mean, variance] = [0, 0];
    for (let i = 0; i < width; i++) mean += x[p * width + i]! / width;
    for (let i = 0; i < width; i++) variance += (x[p * width + i]! - mean) ** 2 / width;
    const deviation = (deviations[p] = Math.sqrt(variance));
    for (let i = 0, at = p * width; i < width; i++, at++) {
      s[at] = (x[at]! - mean) / deviation;
      const inverse = 1 / Math.sqrt(1 + s[at]! * s[at]!);
      u[at] = 0.5 + 0.5 * s[at]! * inverse;
      slopes[at] = 0.5 * inverse * inverse * inverse;
    }
  };
  return {
    values,
    sort() {
      for (let p = 0, at = 0; p < lists; p++, at += width) {
        squash(p);
        for (let i = 0, k = 0; i < width; i++) for (let j = 0; j < width; j++, k++) cost[k] = (u[at + i]! - j / (width - 1)) ** 2;
        kernelOf(-1 / regularization, cost, kernel);
        scale(width, width, tolerance, masses, masses, kernel, left, right, sums);
        const own = plans.subarray(p * size, (p + 1) * size);
        plan(width, width, kernel, left, right, own);
        values.fill(0, at, at + width);
        for (let i = 0, k = 0; i < width; i++) for (let j = 0; j < width; j++, k++) values[at + j]! += width * own[k]! * x[at + i]!;
      }
    },
    pull(cotangent) {
      const [out, ofPlan] = [new Float64Array(x.length), new Float64Array(size)];
      for (let p = 0, at = 0; p < lists; p++, at += width) {
        const own = plans.subarray(p * size, (p + 1) * size);
        for (let i = 0, k = 0; i < width; i++) for (let j = 0; j < width; j++, k++) {
          ofPlan[k] = own[k]! * width * x[at + i]! * cotangent[at + j]!;
          out[at + i]! += own[k]! * width * cotangent[at + j]!;
        }
        throughLimit(width, own, ofPlan);
        let [first, second] = [0, 0];
        const ofU = new Float64Array(width);
        for (let i = 0, k = 0; i < width; i++) {
          for (let j = 0; j < width; j++, k++) ofU[i]! += (-2 / regularization) * (u[at + i]! - j / (width - 1)) * ofPlan[k]!;
          ofU[i]! *= slopes[at + i]!;
          first += ofU[i]! / width;
          second += (ofU[i]! * s[at + i]!) / width;
        }
        for (let i = 0; i < width; i++) out[at + i]! += (ofU[i]! - first - second * s[at + i]!) / deviations[p]!;
      }
      return out;
    },
  };
}

/** From P ∘ (cotangent of P) to the cotangent of the exponent, in place: less P ∘ (sᵢ + tⱼ), where [[D₁, P], [Pᵀ, D₂]] (s, t) = its sums. */
function throughLimit(n: number, plan: Floats, terms: Float64Array): void {
  const [rows, columns, byRow, q, s] = Array.from({ length: 5 }, () => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const right = new Float64Array(n);
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < n; j++, k++) {
    rows[i]! += plan[k]!;
    columns[j]! += plan[k]!;
    q[i]! += terms[k]!;
    right[j]! += terms[k]!;
  }
  const product = (t: Float64Array, into: Float64Array): void => {
    for (let i = 0, k = 0; i < n; i++, k += n) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += plan[k + j]! * t[j]!;
      byRow[i] = sum;
      const each = sum / rows[i]!;
      for (let j = 0; j < n; j++) into[j]! -= plan[k + j]! * each;
    }
  };
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < n; j++, k++) right[j]! -= (plan[k]! * q[i]!) / rows[i]!;
  const t = conjugate(n, columns, right, product);
  product(t, new Float64Array(n));
  for (let i = 0; i < n; i++) s[i] = (q[i]! - byRow[i]!) / rows[i]!;
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < n; j++, k++) terms[k]! -= plan[k]! * (s[i]! + t[j]!);
}

/** Conjugate gradients for (D − M) t = right, M taken off by `product`. */
function conjugate(n: number, diagonal: Float64Array, right: Float64Array, product: (t: Float64Array, into: Float64Array) => void): Float64Array {
  const [t, r, applied] = [new Float64Array(n), right.slice(), new Float64Array(n)];
  const p = r.map((each, j) => each / diagonal[j]!);
  let rho = 0;
  for (let j = 0; j < n; j++) rho += r[j]! * p[j]!;
  const least = 1e-30 * rho;
  for (let k = 0; k < 4 * n && rho > least; k++) {
    for (let j = 0; j < n; j++) applied[j] = diagonal[j]! * p[j]!;
    product(p, applied);
    let [curvature, whole, next] = [0, 0, 0];
    for (let j = 0; j < n; j++) {
      curvature += p[j]! * applied[j]!;
      whole += p[j]! * p[j]! * diagonal[j]!;
    }
    if (!(curvature > 1e-15 * whole)) break;
    for (let j = 0; j < n; j++) {
      t[j]! += (rho / curvature) * p[j]!;
      r[j]! -= (rho / curvature) * applied[j]!;
      next += (r[j]! * r[j]!) / diagonal[j]!;
    }
    for (let j = 0; j < n; j++) p[j] = r[j]! / diagonal[j]! + (next / rho) * p[j]!;
    rho = next;
  }
  return t;
}
