import { lanes, span } from "../lanes";
import { expBelowOne } from "../math/exp";
import * as vectors from "../math/vectors";
import { heightOf, LOWEST, widthOf, within } from "./panels";

/** potential[i] += log scaling[i], by whole vectors. A scaling of 0 gives −∞. */
export function toPotentials<T>(n: i32, potential: usize, scaling: usize): void {
  for (let i = 0; i < n; i += BLOCK) {
    const count = min(BLOCK, n - i);
    vectors.log<T>(count, scaling + span<T>(i), WORK);
    for (let k = 0, at = potential + span<T>(i); k < count; k += lanes<T>(), at += 16) v128.store(at, v128.add<T>(v128.load(at), v128.load(WORK + span<T>(k))));
  }
}

/** scaling[i] = exp(potential[i] − base[i]) for i < n, 0 where the potential is −∞; what is behind n stays. */
export function toScalings<T>(n: i32, potential: usize, base: usize, scaling: usize): void {
  const lowest = v128.splat<T>(<T>LOWEST);
  for (let i = 0; i < n; i += BLOCK, potential += span<T>(BLOCK), base += span<T>(BLOCK), scaling += span<T>(BLOCK)) {
    const count = min(BLOCK, n - i), bytes = span<T>(count);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(WORK + at, v128.sub<T>(v128.load(potential + at), v128.load(base + at)));
    vectors.exp<T>(count, WORK, WORK);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(WORK + at, v128.and(v128.load(WORK + at), v128.gt<T>(v128.load(potential + at), lowest)));
    memory.copy(scaling, WORK, bytes);
  }
}

/**
 * γⱼ ← γⱼ + log vⱼ + step · (power · (log bⱼ − log Σᵢ exp(scale · x[i, j] + φᵢ)) − γⱼ − log vⱼ): the half iteration of columns in the log domain, along the
 * rows of x for its cache lines.
 *
 * @param byRow     φ is its last part, log u + φ
 * @param byColumn  γ is written, v is used up, and so are the next v and the room
 */
export function columnStep<T>(rows: i32, columns: i32, power: f64, step: f64, scale: f64, x: usize, byRow: usize, byColumn: usize): void {
  const along = span<T>(widthOf<T>(columns)), v = byColumn + along, sums = v + along, gamma = sums + along, most = gamma + along;
  const by = v128.splat<T>(<T>scale), lowest = v128.splat<T>(<T>LOWEST), phi = byRow + 3 * span<T>(heightOf(rows));
  for (let at: usize = 0; at < along; at += 16) {
    v128.store(most + at, lowest);
    v128.store(sums + at, v128.splat<T>(0));
  }
  for (let i = 0, row = x; i < rows; ++i, row += span<T>(columns)) {
    const add = v128.load_splat<T>(phi + span<T>(i));
    for (let at: usize = 0; at < along; at += 16) {
      const s = v128.add<T>(v128.mul<T>(v128.load(row + at), by), add);
      v128.store(most + at, v128.pmax<T>(v128.load(most + at), s));
    }
  }
  for (let i = 0, row = x; i < rows; ++i, row += span<T>(columns)) {
    const add = v128.load_splat<T>(phi + span<T>(i));
    for (let at: usize = 0; at < along; at += 16) {
      const s = v128.sub<T>(v128.add<T>(v128.mul<T>(v128.load(row + at), by), add), v128.load(most + at));
      v128.store(sums + at, v128.add<T>(v128.load(sums + at), expBelowOne<T>(s)));
    }
  }
  finish<T>(columns, power, step, byColumn, v, sums, gamma, most);
}

function finish<T>(columns: i32, power: f64, step: f64, b: usize, v: usize, sums: usize, gamma: usize, most: usize): void {
  const by = v128.splat<T>(<T>power), more = v128.splat<T>(<T>(step - 1)), far = v128.splat<T>(<T>FAR);
  toPotentials<T>(columns, gamma, v);
  vectors.log<T>(columns, b, v);
  vectors.log<T>(columns, sums, sums);
  for (let j = 0; j < columns; j += lanes<T>(), v += 16, sums += 16, gamma += 16, most += 16) {
    const plain = v128.mul<T>(by, v128.sub<T>(v128.sub<T>(v128.load(v), v128.load(sums)), v128.load(most)));
    const change = v128.sub<T>(plain, v128.load(gamma)); // NaN where both are −∞, which is no step
    v128.store(gamma, v128.add<T>(plain, v128.and(v128.mul<T>(more, change), v128.lt<T>(v128.abs<T>(change), far))));
  }
}

/** log 2²⁰: beyond that a step is taken as it is, as in relaxed.ts. */
const FAR: f64 = 13.862943611198906;
const BLOCK: i32 = 256;
const WORK = memory.data(2048, 16);
