import { lanes, largest, span, storeSome, wholeSpan } from "../lanes";
import { exp } from "../math/vectors";
import { addAt, numberAt, repeat } from "../memory";
import { Phase } from "../random/draw";

/**
 * What the families x = location + scale · noise share. Prepared θ is T[4, tile], each row periodic with batch · dim:
 * location, scale, 1 / scale, logScale; scales that overflow are the largest finite number.
 */

/**
 * @param params  T[2, period]: location, then logScale
 * @param theta   T[4, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  const row = span<T>(tile);
  repeat<T>(period, tile, params, theta);
  const logScale = theta + 3 * row;
  repeat<T>(period, tile, params + span<T>(period), logScale);
  const most = v128.splat<T>(largest<T>());
  const scale = theta + row, inverse = scale + row;
  for (let at: usize = 0; at < row; at += 16) v128.store(inverse + at, v128.neg<T>(v128.load(logScale + at)));
  exp<T>(tile, logScale, scale);
  exp<T>(tile, inverse, inverse);
  for (let at = scale; at < logScale; at += 16) v128.store(at, v128.min<T>(v128.load(at), most));
}

/**
 * ∂x/∂location = 1, ∂x/∂logScale = x − location:
 * terms of location += cotangent, terms of logScale += cotangent · (x − location).
 *
 * @param x          T[rows, dim]
 * @param cotangent  T[rows, dim]
 * @param terms      T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  const n = rows * dim;
  const second = span<T>(n);
  for (let done = 0; done < n; done += tile) {
    const run = min(tile, n - done);
    let at = theta;
    for (let left = run; left > 0; left -= lanes<T>()) {
      const c = v128.load(cotangent);
      const moved = v128.mul<T>(c, v128.sub<T>(v128.load(x), v128.load(at)));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), c), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), moved), left);
      at += 16; x += 16; cotangent += 16; terms += 16;
    }
  }
}

/**
 * out = tangent of location + tangent of logScale · (x − location).
 *
 * @param x        T[rows, dim]
 * @param tangent  T[2, rows, dim]
 * @param out      T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  const n = rows * dim;
  const second = tangent + span<T>(n);
  for (let done = 0; done < n; done += tile) {
    const run = min(tile, n - done), from = span<T>(done);
    for (let i = 0; i < run; i += lanes<T>()) {
      const at = from + span<T>(i);
      const moved = v128.mul<T>(v128.load(second + at), v128.sub<T>(v128.load(x + at), v128.load(theta + span<T>(i))));
      storeSome<T>(out + at, v128.add<T>(v128.load(tangent + at), moved), run - i);
    }
  }
}

/**
 * value[b] += sign · Σⱼ (constant + logScale[b, j]), gradient of logScale += sign.
 *
 * @param constant  the entropy of the standard noise
 * @param value     T[batch], added to
 * @param gradient  T[2, batch, dim], added to
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, constant: f64, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, constant, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, constant: f64, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    addAt(size, value, e / dim, sign * (constant + numberAt(size, theta, 3 * tile + e)));
    addAt(size, gradient, batch * dim + e, sign);
  }
}

/**
 * x[e] = location[e] + scale[e] · x[e], within the finite numbers: a draw saturates only where it would overflow.
 *
 * @param phase  where in the tile the page begins
 * @param x      a page of noise; draws, when done
 */
export function move<T>(phase: Phase, count: i32, tile: i32, theta: usize, x: usize): void {
  const row = span<T>(tile);
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(-largest<T>());
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = theta + span<T>(phase);
    for (const end = x + wholeSpan<T>(run); x < end; at += 16, x += 16) v128.store(x, moved<T>(at, row, x, least, most));
    if (run & (lanes<T>() - 1)) storeSome<T>(x, moved<T>(at, row, x, least, most), run & (lanes<T>() - 1));
    done += run;
  }
}

@inline
function moved<T>(at: usize, row: usize, x: usize, least: v128, most: v128): v128 {
  const y = v128.add<T>(v128.load(at), v128.mul<T>(v128.load(at + row), v128.load(x)));
  return v128.pmin<T>(v128.pmax<T>(y, least), most);
}
