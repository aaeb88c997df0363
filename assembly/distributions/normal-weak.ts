import { numberAt, setAt } from "../memory";
import { Coupling, FIRST, mirroredExponential, noiseOf, SECOND, THIRD } from "../random/couples";
import { Noise } from "../random/noise";
import { CHUNK } from "../random/stream";

/**
 * The weak derivatives of the normal family (Pflug 1989; Mohamed, Rosca, Figurnov & Mnih 2020), s the scale:
 *
 *   ∂p/∂mean = 1 / (s √2π) · (p⁺ − p⁻), p± the law of mean ± s R, R Rayleigh: √(2E)
 *   ∂p/∂logScale = p⁺ − p, p⁺ the law of mean + s M, M double-sided Maxwell: √(z² + 2E) with the sign of z
 *
 * Same: one R for both; M and M U, which is normal for a uniform U. Antithetic: R of mirrored uniforms; M and −M U. Independent: neither.
 *
 * @param entry       mean[j] is j, logScale[j] is dim + j
 * @param theta       as locationScalePrepare writes it
 * @param x           T[rows, dim]
 * @param plus,minus  T[rows, dim], written: x, but for coordinate j
 * @param constant    T[rows], written
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
  const ofScale = entry >= dim, j = ofScale ? entry - dim : entry;
  let t = <i32>(<u64>chunk * CHUNK * dim % tile);
  for (let from = 0; from < rows; from += CHUNK, ++chunk) {
    const count = min(rows - from, CHUNK);
    if (ofScale) maxwells(size, coupling, low, high, site, chunk, count);
    else rayleighs(size, coupling, low, high, site, chunk, count);
    for (let r = 0; r < count; ++r) {
      const at = (from + r) * dim + j;
      place(size, theta, tile, t + j, numberAt(size, FIRST, r), plus, at);
      place(size, theta, tile, t + j, numberAt(size, SECOND, r), minus, at);
      const most = size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE;
      setAt(size, constant, from + r, ofScale ? 1 : min(most, INVERSE_ROOT_TWO_PI * numberAt(size, theta, 2 * tile + t + j)));
      t += dim;
      if (t == tile) t = 0;
    }
  }
}

const INVERSE_ROOT_TWO_PI: f64 = 0.3989422804014327;

/** out[at] = mean + s · noise, within the finite numbers. */
function place(size: i32, theta: usize, tile: i32, t: i32, noise: f64, out: usize, at: i32): void {
  const most = size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE;
  const moved = numberAt(size, theta, t) + numberAt(size, theta, tile + t) * noise;
  setAt(size, out, at, max(-most, min(most, moved)));
}

/** FIRST = R⁺, SECOND = −R⁻ */
function rayleighs(size: i32, coupling: i32, low: u32, high: u32, site: u32, chunk: u32, count: i32): void {
  noiseOf(size, Noise.Exponential, low, high, site, chunk, count, FIRST);
  if (coupling == Coupling.Independent) noiseOf(size, Noise.Exponential, low, high, site + 1, chunk, count, SECOND);
  for (let r = 0; r < count; ++r) {
    const e = numberAt(size, FIRST, r);
    const other = coupling == Coupling.Same ? e : coupling == Coupling.Antithetic ? mirroredExponential(e) : numberAt(size, SECOND, r);
    setAt(size, FIRST, r, sqrt(2 * e));
    setAt(size, SECOND, r, -sqrt(2 * other));
  }
}

/** FIRST = M, SECOND = a standard normal draw */
function maxwells(size: i32, coupling: i32, low: u32, high: u32, site: u32, chunk: u32, count: i32): void {
  noiseOf(size, Noise.Normal, low, high, site, chunk, count, FIRST);
  noiseOf(size, Noise.Exponential, low, high, site + 1, chunk, count, THIRD);
  noiseOf(size, coupling == Coupling.Independent ? Noise.Normal : Noise.Uniform, low, high, site + 2, chunk, count, SECOND);
  for (let r = 0; r < count; ++r) {
    const z = numberAt(size, FIRST, r);
    const m = copysign(sqrt(z * z + 2 * numberAt(size, THIRD, r)), z);
    setAt(size, FIRST, r, m);
    if (coupling != Coupling.Independent) setAt(size, SECOND, r, (coupling == Coupling.Same ? m : -m) * numberAt(size, SECOND, r));
  }
}
