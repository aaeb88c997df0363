import { lanes, span } from "../lanes";
import { expBelowOne } from "../math/exp";
import { largest } from "../math/rows";
import { constant } from "../math/polynomial";

/**
 * A matrix by panels of eight rows: T[⌈rows / 8⌉, ⌈columns / lanes⌉, 8, lanes], so that one pointer and immediate offsets reach eight rows.
 *
 * Rows and columns beyond the matrix are 0. Vectors along its rows have `heightOf` numbers, along its columns `widthOf`.
 */
export const PANEL: i32 = 8;
/** Bytes from a vector of a row to the next. */
export const STEP: usize = 128;

export function heightOf(rows: i32): i32 {
  return (rows + PANEL - 1) & -PANEL;
}

/** Columns in whole vectors. */
@inline
export function widthOf<T>(columns: i32): i32 {
  return (columns + lanes<T>() - 1) & -lanes<T>();
}

/** Bytes of a panel. */
@inline
export function panelBytes<T>(columns: i32): usize {
  return span<T>(widthOf<T>(columns)) << 3;
}

/** Where the part of row i begins; its vectors are 128 bytes apart. */
@inline
export function rowOf<T>(panels: usize, columns: i32, i: i32): usize {
  return panels + <usize>(i >> 3) * panelBytes<T>(columns) + (<usize>(i & 7) << 4);
}

/** The lanes that belong to a row of which `left` numbers are left, −∞ in others. */
@inline
export function within<T>(x: v128, left: i32): v128 {
  if (left >= lanes<T>()) return x;
  return v128.bitselect(x, v128.splat<T>(<T>-Infinity), v128.load(FIRST + 16 - span<T>(left)));
}

/**
 * φᵢ = −maxⱼ (scale · x[i, j] + γⱼ), kernel[i, j] = exp(scale · x[i, j] + γⱼ + φᵢ), 0 where that is below what can matter (see `Limit`).
 *
 * Every row that has an entry has one of 1. A row without (all scale · x + γ are −∞) is 0.
 *
 * @param x       T[rows, columns]
 * @param gamma   T[width]
 * @param phi     T[height], written
 * @param kernel  panels, written
 */
export function build<T>(rows: i32, columns: i32, scale: f64, x: usize, gamma: usize, phi: usize, kernel: usize): void {
  const by = v128.splat<T>(<T>scale), least = constant<T>(sizeof<T>() == 4 ? LEAST32 : LEAST64, 0);
  memory.fill(phi, 0, span<T>(heightOf(rows)));
  memory.fill(rowOf<T>(kernel, columns, rows & -PANEL), 0, rows & (PANEL - 1) ? panelBytes<T>(columns) : 0);
  for (let i = 0; i < rows; ++i, x += span<T>(columns)) {
    let most = v128.splat<T>(<T>LOWEST);
    for (let j = 0; j < columns; j += lanes<T>()) {
      const s = v128.add<T>(v128.mul<T>(v128.load(x + span<T>(j)), by), v128.load(gamma + span<T>(j)));
      most = v128.pmax<T>(most, within<T>(s, columns - j));
    }
    const top = largest<T>(most), shift = v128.splat<T>(top);
    store<T>(phi + span<T>(i), -top);
    for (let j = 0, to = rowOf<T>(kernel, columns, i); j < columns; j += lanes<T>(), to += STEP) {
      const s = v128.add<T>(v128.mul<T>(v128.load(x + span<T>(j)), by), v128.load(gamma + span<T>(j)));
      const d = within<T>(v128.sub<T>(s, shift), columns - j);
      v128.store(to, v128.and(expBelowOne<T>(d), v128.ge<T>(d, least)));
    }
  }
}

// Sums of the rows of a panel: two vectors in f32, four in f64. Static, because a kernel returns one value.
export const SUMS = memory.data(64, 16);

// The same before the lanes are summed.
const PARTS = memory.data(128, 16);
/** Bytes of a panel in a turn: a few cache lines. */
const TURN: usize = 512;

/** SUMS[i] = Σⱼ panel[i, j] y[j] */
@inline
export function dots<T>(panel: usize, end: usize, y: usize): void {
  let a = v128.splat<T>(<T>0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
  for (; panel < end; panel += STEP, y += 16) {
    const w = v128.load(y);
    a = v128.add<T>(a, v128.mul<T>(v128.load(panel), w));
    b = v128.add<T>(b, v128.mul<T>(v128.load(panel, 16), w));
    c = v128.add<T>(c, v128.mul<T>(v128.load(panel, 32), w));
    d = v128.add<T>(d, v128.mul<T>(v128.load(panel, 48), w));
    e = v128.add<T>(e, v128.mul<T>(v128.load(panel, 64), w));
    f = v128.add<T>(f, v128.mul<T>(v128.load(panel, 80), w));
    g = v128.add<T>(g, v128.mul<T>(v128.load(panel, 96), w));
    h = v128.add<T>(h, v128.mul<T>(v128.load(panel, 112), w));
  }
  across<T>(a, b, c, d, SUMS);
  across<T>(e, f, g, h, SUMS + 4 * sizeof<T>());
}

/** The sums across four vectors. */
@inline
function across<T>(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  if (sizeof<T>() == 4) {
    const ab = v128.add<T>(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
    const cd = v128.add<T>(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
    v128.store(to, v128.add<T>(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7)));
  } else {
    v128.store(to, v128.add<T>(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3)));
    v128.store(to, v128.add<T>(v128.shuffle<f64>(c, d, 0, 2), v128.shuffle<f64>(c, d, 1, 3)), 16);
  }
}

/** out[j] += Σᵢ panel[i, j] x[i] over the rows of a panel. */
@inline
export function addRows<T>(panel: usize, end: usize, x: usize, out: usize): void {
  const a = v128.load_splat<T>(x), b = v128.load_splat<T>(x + sizeof<T>());
  const c = v128.load_splat<T>(x + 2 * sizeof<T>()), d = v128.load_splat<T>(x + 3 * sizeof<T>());
  const e = v128.load_splat<T>(x + 4 * sizeof<T>()), f = v128.load_splat<T>(x + 5 * sizeof<T>());
  const g = v128.load_splat<T>(x + 6 * sizeof<T>()), h = v128.load_splat<T>(x + 7 * sizeof<T>());
  for (; panel < end; panel += STEP, out += 16) {
    const ab = v128.add<T>(v128.mul<T>(v128.load(panel), a), v128.mul<T>(v128.load(panel, 16), b));
    const cd = v128.add<T>(v128.mul<T>(v128.load(panel, 32), c), v128.mul<T>(v128.load(panel, 48), d));
    const ef = v128.add<T>(v128.mul<T>(v128.load(panel, 64), e), v128.mul<T>(v128.load(panel, 80), f));
    const gh = v128.add<T>(v128.mul<T>(v128.load(panel, 96), g), v128.mul<T>(v128.load(panel, 112), h));
    v128.store(out, v128.add<T>(v128.load(out), v128.add<T>(v128.add<T>(ab, cd), v128.add<T>(ef, gh))));
  }
}

/**
 * `dots` of one panel and `addRows` of another, by turns of a few columns, to the same numbers: where panels come from far, memory then has work
 * all the time, and not in every other pass alone. 0.38 to 0.33 ns an element for 1024 × 1024 in f64; reading it once takes 0.27.
 */
export function dotsAndRows<T>(panel: usize, end: usize, y: usize, other: usize, x: usize, out: usize): void {
  memory.fill(PARTS, 0, STEP);
  for (; panel < end; panel += TURN, other += TURN, y += TURN >> 3, out += TURN >> 3) {
    const turn = min(TURN, end - panel);
    addDots<T>(panel, panel + turn, y);
    panelAddRows<T>(other, other + turn, x, out);
  }
  for (let at = PARTS, to = SUMS; at < PARTS + STEP; at += 64, to += 4 * sizeof<T>()) {
    across<T>(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), to);
  }
}

/** PARTS[i] += Σ panel[i] y, not yet summed across lanes. */
@inline
function addDots<T>(panel: usize, end: usize, y: usize): void {
  let a = v128.load(PARTS), b = v128.load(PARTS, 16), c = v128.load(PARTS, 32), d = v128.load(PARTS, 48);
  let e = v128.load(PARTS, 64), f = v128.load(PARTS, 80), g = v128.load(PARTS, 96), h = v128.load(PARTS, 112);
  for (; panel < end; panel += STEP, y += 16) {
    const w = v128.load(y);
    a = v128.add<T>(a, v128.mul<T>(v128.load(panel), w));
    b = v128.add<T>(b, v128.mul<T>(v128.load(panel, 16), w));
    c = v128.add<T>(c, v128.mul<T>(v128.load(panel, 32), w));
    d = v128.add<T>(d, v128.mul<T>(v128.load(panel, 48), w));
    e = v128.add<T>(e, v128.mul<T>(v128.load(panel, 64), w));
    f = v128.add<T>(f, v128.mul<T>(v128.load(panel, 80), w));
    g = v128.add<T>(g, v128.mul<T>(v128.load(panel, 96), w));
    h = v128.add<T>(h, v128.mul<T>(v128.load(panel, 112), w));
  }
  v128.store(PARTS, a);
  v128.store(PARTS, b, 16);
  v128.store(PARTS, c, 32);
  v128.store(PARTS, d, 48);
  v128.store(PARTS, e, 64);
  v128.store(PARTS, f, 80);
  v128.store(PARTS, g, 96);
  v128.store(PARTS, h, 112);
}

// The same for what is not hot: in the module once for each precision.

export function panelDots<T>(panel: usize, end: usize, y: usize): void {
  dots<T>(panel, end, y);
}

export function panelAddRows<T>(panel: usize, end: usize, x: usize, out: usize): void {
  addRows<T>(panel, end, x, out);
}

// A call of memory.fill or memory.copy takes longer than these loops over the vectors of a small problem: 0.19 to 0.17 ns an element for 32 × 32.

/** x[k] = 0, by whole vectors. */
@inline
export function clear(x: usize, bytes: usize): void {
  const zero = v128.splat<f32>(0);
  for (const end = x + bytes; x < end; x += 16) v128.store(x, zero);
}

/** to[k] = from[k], by whole vectors. */
@inline
export function move(to: usize, from: usize, bytes: usize): void {
  for (const end = to + bytes; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
}

/** Below all sums of finite numbers that occur, and finite: −∞ less −∞ would be NaN. */
export const LOWEST: f64 = -1e30;

// exp of these is 2⁻⁸⁶ and 2⁻⁸⁶⁵: with scalings of at most 2⁴⁰ and 2³⁰⁰ what is left out is nothing, and products stay normal numbers.
const LEAST32 = memory.data<f32>([-60]);
const LEAST64 = memory.data<f64>([-600]);
// Loaded so many lanes before its middle: a mask of the first lanes.
const FIRST = memory.data<u32>([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 0]);
