import { lanes, largest, span, storeSome, sumOf } from "../lanes";

/**
 * Lower triangles L of d × d, stored by columns of `heightOf(d)` numbers, zero above the diagonal and below the d-th row: so every
 * column runs along whole vectors. What the vectors below carry beyond d is 0, too.
 */

/** d up to a whole number of pairs of vectors, in both precisions. */
@inline
export function heightOf(d: i32): i32 {
  return (d + 7) & -8;
}

/**
 * x = mean + L e, from the last rows to the first, so that x may be e; within the finite numbers.
 *
 * @param mean  T[height]
 * @param e     T[d]
 * @param x     T[d], written
 */
@inline
export function affine<T>(d: i32, mean: usize, columns: usize, e: usize, x: usize): void {
  const height = span<T>(heightOf(d)), pair = 2 * lanes<T>();
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(-largest<T>());
  for (let i = (d - 1) & -pair; i >= 0; i -= pair) {
    let a = v128.load(mean + span<T>(i)), b = v128.load(mean + span<T>(i), 16);
    let column = columns + span<T>(i);
    const end = e + span<T>(min(d, i + pair));
    for (let at = e; at < end; at += sizeof<T>(), column += height) {
      const each = v128.load_splat<T>(at);
      a = v128.add<T>(a, v128.mul<T>(v128.load(column), each));
      b = v128.add<T>(b, v128.mul<T>(v128.load(column, 16), each));
    }
    // In this order ∞ − ∞ becomes a number, too.
    storeSome<T>(x + span<T>(i), v128.pmax<T>(least, v128.pmin<T>(most, a)), d - i);
    if (d - i > lanes<T>()) storeSome<T>(x + span<T>(i + lanes<T>()), v128.pmax<T>(least, v128.pmin<T>(most, b)), d - i - lanes<T>());
  }
}

/**
 * y = L⁻¹ r by columns.
 *
 * @param inverse  T[d], 1 / Lⱼⱼ
 * @param r        T[height], used up
 * @param y        T[height], written up to d
 */
export function forward<T>(d: i32, columns: usize, inverse: usize, r: usize, y: usize): void {
  const height = heightOf(d);
  for (let j = 0; j < d; ++j, columns += span<T>(height)) {
    const value: T = load<T>(r + span<T>(j)) * load<T>(inverse + span<T>(j));
    store<T>(y + span<T>(j), value);
    const each = v128.splat<T>(value);
    for (let i = j & -lanes<T>(); i < d; i += lanes<T>()) {
      const at = r + span<T>(i);
      v128.store(at, v128.sub<T>(v128.load(at), v128.mul<T>(each, v128.load(columns + span<T>(i)))));
    }
  }
}

/**
 * s = L⁻ᵀ y by columns, from the last.
 *
 * @param y  T[d]
 * @param s  T[height], written
 */
export function backward<T>(d: i32, columns: usize, inverse: usize, y: usize, s: usize): void {
  const height = heightOf(d);
  memory.fill(s, 0, span<T>(height));
  columns += span<T>(d * height);
  for (let j = d - 1; j >= 0; --j) {
    columns -= span<T>(height);
    let sum = v128.splat<T>(0);
    for (let i = j & -lanes<T>(); i < d; i += lanes<T>()) sum = v128.add<T>(sum, v128.mul<T>(v128.load(s + span<T>(i)), v128.load(columns + span<T>(i))));
    store<T>(s + span<T>(j), (load<T>(y + span<T>(j)) - sumOf<T>(sum)) * load<T>(inverse + span<T>(j)));
  }
}

/**
 * matrix[i, j] += factor · a[i] · b[j] for i ≥ j.
 *
 * @param a, b    T[d]
 * @param matrix  T[d, d] by rows, added to; what is above its diagonal stays
 */
@inline
export function addOuter<T>(d: i32, factor: T, a: usize, b: usize, matrix: usize): void {
  for (let i = 0; i < d; ++i, matrix += span<T>(d)) {
    const own: T = factor * load<T>(a + span<T>(i));
    const each = v128.splat<T>(own);
    let j = 0;
    for (; j <= i + 1 - lanes<T>(); j += lanes<T>()) {
      const at = matrix + span<T>(j);
      v128.store(at, v128.add<T>(v128.load(at), v128.mul<T>(each, v128.load(b + span<T>(j)))));
    }
    for (; j <= i; ++j) store<T>(matrix + span<T>(j), load<T>(matrix + span<T>(j)) + own * load<T>(b + span<T>(j)));
  }
}
