import type { Points } from "../core/core.ts";
import { arrayOf } from "../parameters.ts";

/** Weighted points, `[batch, count, dim]`. */
export interface Cloud {
  readonly points: Points;
  readonly count: number;
  readonly weights: Points;
}

/** Squared distances, `[batch, points of the first, points of the second]`. */
export function distances(first: Cloud, second: Cloud, dim: number, batch: number): Points {
  const out = arrayOf(first.points instanceof Float64Array ? "f64" : "f32", batch * first.count * second.count);
  const [x, y, each] = [first.points, second.points, second.count * dim];
  for (let i = 0, a = 0, k = 0; i < batch * first.count; i++, a += dim) {
    const begin = Math.floor(i / first.count) * each;
    for (let b = begin; b < begin + each; b += dim, k++) {
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += (x[a + d]! - y[b + d]!) * (x[a + d]! - y[b + d]!);
      out[k] = sum;
    }
  }
  return out;
}

/** Adds to the cotangents of both clouds' points what ⟨plan, distances⟩ gives, times `weight` and the cotangent of each problem. */
export function pullDistances(first: Cloud, second: Cloud, dim: number, plan: Points, weight: number, cotangent: Points, ofFirst: Points, ofSecond: Points): void {
  const [x, y, each] = [first.points, second.points, second.count * dim];
  for (let i = 0, a = 0, k = 0; i < cotangent.length * first.count; i++, a += dim, k += second.count) {
    const p = Math.floor(i / first.count);
    const double = 2 * weight * cotangent[p]!;
    for (let d = 0; d < dim; d++) {
      const own = x[a + d]!;
      let sum = 0;
      for (let j = 0, b = p * each + d; j < second.count; j++, b += dim) {
        const slope = double * plan[k + j]! * (own - y[b]!);
        sum += slope;
        ofSecond[b]! -= slope;
      }
      ofFirst[a + d]! += sum;
    }
  }
}
