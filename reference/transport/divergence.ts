/** The Sinkhorn divergence of two clouds of equal weights in plain TypeScript, with arrays that are used again. */
import { kernelOf, plan } from "./sinkhorn.ts";
import { scale } from "./soft-sort.ts";

type Floats = Float32Array | Float64Array;

export interface Divergence {
  value(): number;
  /** The slopes of x, then of y; after `value`. */
  slopes(): Float64Array;
}

export function divergence(x: Floats, y: Floats, dim: number, regularization: number, tolerance: number): Divergence {
  const terms = [term(x, y, dim, regularization, tolerance), term(x, x, dim, regularization, tolerance), term(y, y, dim, regularization, tolerance)] as const;
  return {
    value: () => terms[0].value() - 0.5 * terms[1].value() - 0.5 * terms[2].value(),
    slopes() {
      const out = new Float64Array(x.length + y.length);
      const [ofX, ofY] = [out.subarray(0, x.length), out.subarray(x.length)];
      terms[0].add(1, ofX, ofY);
      terms[1].add(-0.5, ofX, ofX);
      terms[2].add(-0.5, ofY, ofY);
      return out;
    },
  };
}

function term(x: Floats, y: Floats, dim: number, regularization: number, tolerance: number) {
  const numbers = x.constructor as Float64ArrayConstructor;
  const [rows, columns] = [x.length / dim, y.length / dim];
  const [cost, kernel, plans] = [new numbers(rows * columns), new numbers(rows * columns), new numbers(rows * columns)];
  const [u, v, sums, a, b] = [new numbers(rows), new numbers(columns), new numbers(columns), new numbers(rows).fill(1 / rows), new numbers(columns).fill(1 / columns)];
  return {
    /** Where both marginals hold, Σ P C + ε Σ P (log P − 1) = ε (Σ a log u + Σ b log v − 1). */
    value(): number {
      for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) {
        let sum = 0;
        for (let d = 0; d < dim; d++) sum += (x[i * dim + d]! - y[j * dim + d]!) ** 2;
        cost[k] = sum;
      }
      kernelOf(-1 / regularization, cost, kernel);
      scale(rows, columns, tolerance, a, b, kernel, u, v, sums);
      let total = -1;
      for (let i = 0; i < rows; i++) total += a[i]! * Math.log(u[i]!);
      for (let j = 0; j < columns; j++) total += b[j]! * Math.log(v[j]!);
      return regularization * total;
    },
    add(weight: number, ofX: Float64Array, ofY: Float64Array): void {
      plan(rows, columns, kernel, u, v, plans);
      for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) {
        for (let d = 0; d < dim; d++) {
          const slope = 2 * weight * plans[k]! * (x[i * dim + d]! - y[j * dim + d]!);
          ofX[i * dim + d]! += slope;
          ofY[j * dim + d]! -= slope;
        }
      }
    },
  };
}
