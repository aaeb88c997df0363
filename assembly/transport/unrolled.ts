import { lanes, span, sumOf } from "../lanes";
import { largest } from "../math/rows";
import { build, clear, heightOf, move, PANEL, panelBytes, STEP, widthOf } from "./panels";
import { toScalings } from "./potentials";
import { begin, iterate, potentials } from "./sinkhorn";

/**
 * The derivative of so many iterations, whatever they reached: reverse mode through each of them, from its potentials.
 *
 *   φₜ = log a − log Σⱼ exp(scale · x[i, j] + γₜ₋₁),  γₜ = log b − log Σᵢ exp(scale · x[i, j] + φₜ)
 */

/** Numbers of one iterate: log u + φ, then log v + γ. */
@inline
function iterateBytes<T>(rows: i32, columns: i32): usize {
  return span<T>(heightOf(rows) + widthOf<T>(columns));
}

/**
 * Iterates `count` times and keeps the potentials of each; the plan of the last is in u, K and v.
 *
 * @param byRow, byColumn  as in sinkhorn.ts; γ is the start
 * @param history          T[count + 1, height + width], written: of the first only γ
 */
export function record<T>(rows: i32, columns: i32, count: i32, scale: f64, x: usize, kernel: usize, byRow: usize, byColumn: usize, history: usize): void {
  const along = span<T>(widthOf<T>(columns)), height = span<T>(heightOf(rows));
  move(history + height, byColumn + 3 * along, along);
  begin<T>(rows, columns, scale, x, kernel, byRow, byColumn);
  for (let t = 0; t < count; ++t) {
    history += iterateBytes<T>(rows, columns);
    iterate<T>(rows, columns, 1, -1, 1, 1, 1, 0, scale, x, kernel, byRow, byColumn, ERROR);
    potentials<T>(rows, columns, 0, byRow, byColumn);
    move(history, byRow + 3 * height, height);
    move(history + height, byColumn + 4 * along, along);
  }
}

/**
 * From cotangents of the last plan and potentials to those of scale · x, log a and log b.
 *
 * @param history   as `record` wrote it
 * @param byRow     T[5, height]: a, u, φ, the cotangent of the last log u + φ (used up), and that of log a, written
 * @param byColumn  T[7, width]: b, v, -, γ, -, the cotangent of the last log v + γ (used up), and that of log b, written
 * @param slope     panels: the cotangent of P times P; what the iterations give is added
 */
export function pull<T>(rows: i32, columns: i32, count: i32, scale: f64, x: usize, kernel: usize, history: usize, byRow: usize, byColumn: usize, slope: usize): void {
  const along = span<T>(widthOf<T>(columns)), height = span<T>(heightOf(rows)), bytes = iterateBytes<T>(rows, columns);
  clear(byRow + 4 * height, height);
  clear(byColumn + 6 * along, along);
  for (history += <usize>count * bytes; count > 0; --count, history -= bytes) {
    scalings<T>(rows, columns, scale, x, kernel, history, history + height, byRow, byColumn);
    pullColumns<T>(rows, columns, kernel, byRow, byColumn, slope);
    scalings<T>(rows, columns, scale, x, kernel, history, history + height - bytes, byRow, byColumn);
    pullRows<T>(rows, columns, kernel, byRow, byColumn, slope);
  }
}

/** u and v of these potentials, for the K at hand if it goes that far, or one of this γ. */
function scalings<T>(rows: i32, columns: i32, scale: f64, x: usize, kernel: usize, phi: usize, gamma: usize, byRow: usize, byColumn: usize): void {
  const along = span<T>(widthOf<T>(columns)), height = span<T>(heightOf(rows)), own = byColumn + 3 * along;
  toScalings<T>(columns, gamma, own, byColumn + along);
  toScalings<T>(rows, phi, byRow + 2 * height, byRow + height);
  const far = sizeof<T>() == 4 ? FAR32 : FAR64;
  if (most<T>(columns, byColumn + along) <= far && most<T>(rows, byRow + height) <= far) return;
  move(own, gamma, along);
  build<T>(rows, columns, scale, x, own, byRow + 2 * height, kernel);
  toScalings<T>(columns, gamma, own, byColumn + along);
  toScalings<T>(rows, phi, byRow + 2 * height, byRow + height);
}

/** The largest of n numbers; ∞ if one is NaN (−∞ less −∞ where there is no mass, which a new K mends). */
function most<T>(n: i32, x: usize): f64 {
  let greatest = v128.splat<T>(0);
  for (let i = 0; i <= n - lanes<T>(); i += lanes<T>()) greatest = v128.pmax<T>(greatest, v128.load(x + span<T>(i)));
  let all = <f64>largest<T>(greatest);
  for (let i = n & -lanes<T>(); i < n; ++i) all = max(all, <f64>load<T>(x + span<T>(i)));
  return all;
}

/** γ = log b − log Σᵢ …: y = v · dγ / b; dφᵢ −= uᵢ Σⱼ Kᵢⱼ yⱼ, slope −= uᵢ Kᵢⱼ yⱼ, d log b += dγ. */
function pullColumns<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize, slope: usize): void {
  const along = span<T>(widthOf<T>(columns)), height = span<T>(heightOf(rows)), y = byColumn + 4 * along;
  shares<T>(along, byColumn, byColumn + along, byColumn + 5 * along, byColumn + 6 * along, y);
  for (let i = 0; i < rows; ++i) {
    const at = byRow + span<T>(i), row = <usize>(i >> 3) * panelBytes<T>(columns) + (<usize>(i & (PANEL - 1)) << 4);
    const u = v128.load_splat<T>(at + height);
    let sum = v128.splat<T>(0);
    for (let j = y, k = kernel + row, to = slope + row, end = y + along; j < end; j += 16, k += STEP, to += STEP) {
      const term = v128.mul<T>(u, v128.mul<T>(v128.load(k), v128.load(j)));
      sum = v128.add<T>(sum, term);
      v128.store(to, v128.sub<T>(v128.load(to), term));
    }
    store<T>(at + 3 * height, load<T>(at + 3 * height) - sumOf<T>(sum));
  }
  clear(byColumn + 5 * along, along);
}

/** φ = log a − log Σⱼ …: z = u · dφ / a; dγⱼ −= vⱼ Σᵢ Kᵢⱼ zᵢ, slope −= zᵢ Kᵢⱼ vⱼ, d log a += dφ. */
function pullRows<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize, slope: usize): void {
  const along = span<T>(widthOf<T>(columns)), height = span<T>(heightOf(rows)), v = byColumn + along, toGamma = 4 * along;
  shares<T>(height, byRow, byRow + height, byRow + 3 * height, byRow + 4 * height, byRow + height);
  for (let i = 0; i < rows; ++i) {
    const row = <usize>(i >> 3) * panelBytes<T>(columns) + (<usize>(i & (PANEL - 1)) << 4);
    const z = v128.load_splat<T>(byRow + height + span<T>(i));
    for (let j = v, k = kernel + row, to = slope + row, end = v + along; j < end; j += 16, k += STEP, to += STEP) {
      const term = v128.mul<T>(z, v128.mul<T>(v128.load(k), v128.load(j)));
      v128.store(to, v128.sub<T>(v128.load(to), term));
      v128.store(j + toGamma, v128.sub<T>(v128.load(j + toGamma), term));
    }
  }
  clear(byRow + 3 * height, height);
}

/** out = scaling · cotangent / mass, 0 where there is none; sums += cotangent. */
function shares<T>(bytes: usize, mass: usize, scaling: usize, cotangent: usize, sums: usize, out: usize): void {
  const zero = v128.splat<T>(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const m = v128.load(mass + at), d = v128.load(cotangent + at), own = v128.gt<T>(m, zero);
    v128.store(out + at, v128.and(own, v128.div<T>(v128.mul<T>(v128.load(scaling + at), d), m)));
    v128.store(sums + at, v128.add<T>(v128.load(sums + at), v128.and(own, d)));
  }
}


const ERROR = memory.data(8, 16);
const FAR32: f64 = 1048576.0; // 2²⁰
const FAR64: f64 = 1.4272476927059599e45; // 2¹⁵⁰
