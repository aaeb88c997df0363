import { numberAt, setAt } from "../memory";
import { Coupling, FIRST, mirroredExponential, noiseOf, SECOND, THIRD } from "../random/couples";
import { Noise } from "../random/noise";
import { CHUNK } from "../random/stream";

/**
 * The weak derivative of the exponential family (Pflug 1989): ∂p/∂logRate = p − p⁻, p⁻ the law of (E + E′) / rate, Erlang of two.
 *
 * Same: E for both points. Antithetic: p's is that of the mirrored uniform. Independent: p's is another.
 *
 * @param entry       j, of logRate[j]
 * @param theta       as exponentialPrepare writes it
 * @param x           T[rows, dim]
 * @param plus,minus  T[rows, dim], written: x, but for coordinate j
 * @param constant    T[rows], written: 1
 */
export function draw<T>(
  low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, entry: i32, coupling: i32,
  x: usize, plus: usize, minus: usize, constant: usize,
): void {
  drawOf(sizeof<T>(), low, high, site, chunk, rows, dim, tile, theta, entry, coupling, x, plus, minus, constant);
}

function drawOf(
  size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, entry: i32, coupling: i32,
  x: usize, plus: usize, minus: usize, constant: usize,
): void {
  const all = <usize>rows * <usize>(dim * size);
  memory.copy(plus, x, all);
  memory.copy(minus, x, all);
  let t = <i32>(<u64>chunk * CHUNK * dim % tile);
  for (let from = 0; from < rows; from += CHUNK, ++chunk) {
    const count = min(rows - from, CHUNK);
    noiseOf(size, Noise.Exponential, low, high, site, chunk, count, FIRST);
    noiseOf(size, Noise.Exponential, low, high, site + 1, chunk, count, SECOND);
    if (coupling == Coupling.Independent) noiseOf(size, Noise.Exponential, low, high, site + 2, chunk, count, THIRD);
    for (let r = 0; r < count; ++r) {
      const e = numberAt(size, FIRST, r), mean = numberAt(size, theta, t + entry), at = (from + r) * dim + entry;
      const own = coupling == Coupling.Same ? e : coupling == Coupling.Antithetic ? mirroredExponential(e) : numberAt(size, THIRD, r);
      setAt(size, plus, at, positive(size, mean * own));
      setAt(size, minus, at, positive(size, mean * (e + numberAt(size, SECOND, r))));
      setAt(size, constant, from + r, 1);
      t += dim;
      if (t == tile) t = 0;
    }
  }
}

/** x above 0 and finite in its precision. */
function positive(size: i32, x: f64): f64 {
  if (size == 4) return max(<f64>reinterpret<f32>(<u32>1), min(<f64>f32.MAX_VALUE, x));
  return max(reinterpret<f64>(<u64>1), min(f64.MAX_VALUE, x));
}
