/**
 * Polynomials in Estrin's order, from tables in memory: latency, not the number of operations, bounds them, and V8 rebuilds
 * a `v128.const` in every round of a loop while a splat from memory is one load.
 */

/** All lanes table[i]. */
@inline
export function constant<T>(table: usize, i: i32): v128 {
  return v128.load_splat<T>(table + i * sizeof<T>());
}

/** table[i] + table[i + 1] x */
@inline
export function linear<T>(table: usize, i: i32, x: v128): v128 {
  return v128.add<T>(constant<T>(table, i), v128.mul<T>(constant<T>(table, i + 1), x));
}

/** Four coefficients from i on. */
@inline
export function cubic<T>(table: usize, i: i32, x: v128, x2: v128): v128 {
  return v128.add<T>(linear<T>(table, i, x), v128.mul<T>(linear<T>(table, i + 2, x), x2));
}

/** Eight coefficients from i on. */
@inline
export function septic<T>(table: usize, i: i32, x: v128, x2: v128, x4: v128): v128 {
  return v128.add<T>(cubic<T>(table, i, x, x2), v128.mul<T>(cubic<T>(table, i + 4, x, x2), x4));
}
