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
  eachPair(first, second, dim, out.length, (k, a, b) => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += (first.points[a + d]! - second.points[b + d]!) * (first.points[a + d]! - second.points[b + d]!);
    out[k] = sum;
  });
  return out;
}

/** Adds to the cotangents of both clouds' points what ⟨plan, distances⟩ gives, times the cotangent of each problem. */
export function pullDistances(first: Cloud, second: Cloud, dim: number, plan: Points, cotangent: (problem: number) => number, ofFirst: Points, ofSecond: Points): void {
  const size = first.count * second.count;
  eachPair(first, second, dim, plan.length, (k, a, b) => {
    const each = 2 * plan[k]! * cotangent(Math.floor(k / size));
    for (let d = 0; d < dim; d++) {
      const slope = each * (first.points[a + d]! - second.points[b + d]!);
      ofFirst[a + d]! += slope;
      ofSecond[b + d]! -= slope;
    }
  });
}

/** Where the points of each pair begin, problem by problem. */
function eachPair(first: Cloud, second: Cloud, dim: number, pairs: number, use: (pair: number, a: number, b: number) => void): void {
  for (let k = 0, p = 0; k < pairs; p++) {
    for (let i = 0; i < first.count; i++) {
      for (let j = 0; j < second.count; j++, k++) use(k, (p * first.count + i) * dim, (p * second.count + j) * dim);
    }
  }
}
