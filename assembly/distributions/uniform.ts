import { lanes, nextUp, span, storeSome, wholeSpan } from "../lanes";
import { log } from "../math/vectors";
import { addAt, numberAt, repeat, setAt } from "../memory";
import { collect, PAGE, PAGE_BYTES } from "../pages";
import { draw, Phase } from "../random/draw";
import { Noise } from "../random/noise";
import { unit } from "../random/unit";

/**
 * Prepared θ is T[6, tile]: low, high, the numbers next to them inside, 1 / (high − low), log(high − low).
 *
 * The width may overflow; half of it cannot.
 *
 * @param params  T[2, period]: low, then high
 * @param theta   T[6, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  const row = span<T>(tile);
  repeat<T>(period, tile, params, theta);
  repeat<T>(period, tile, params + span<T>(period), theta + row);
  const half = v128.splat<T>(0.5), logTwo = v128.splat<T>(<T>0.6931471805599453);
  for (let at = theta, end = theta + row; at < end; at += 16) {
    for (let lane: usize = 0; lane < 16; lane += sizeof<T>()) {
      const low = load<T>(at + lane), high = load<T>(at + row + lane);
      store<T>(at + 2 * row + lane, nextUp<T>(low));
      store<T>(at + 3 * row + lane, -nextUp<T>(-high));
    }
    const width = v128.sub<T>(v128.mul<T>(half, v128.load(at + row)), v128.mul<T>(half, v128.load(at)));
    v128.store(at + 4 * row, v128.div<T>(half, width));
    v128.store(at + 5 * row, width);
  }
  const logWidth = theta + 5 * row;
  log<T>(tile, logWidth, logWidth);
  for (let at = logWidth; at < logWidth + row; at += 16) v128.store(at, v128.add<T>(v128.load(at), logTwo));
}

/**
 * Draws (1 − u) low + u high, which overflows for no width, moved inside where rounding reached an end.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Words, (phase, count, tile, theta, x) => between<T>(phase, count, tile, theta, x), low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x ← what the words in its place say. */
export function between<T>(phase: Phase, count: i32, tile: i32, theta: usize, x: usize): void {
  const row = span<T>(tile);
  const one = v128.splat<T>(1);
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = theta + span<T>(phase);
    for (const end = x + wholeSpan<T>(run); x < end; at += 16, x += 16) v128.store(x, mixed<T>(at, row, x, one));
    if (run & (lanes<T>() - 1)) storeSome<T>(x, mixed<T>(at, row, x, one), run & (lanes<T>() - 1));
    done += run;
  }
}

@inline
function mixed<T>(at: usize, row: usize, x: usize, one: v128): v128 {
  const u = unit<T>(v128.load(x));
  const y = v128.add<T>(v128.mul<T>(v128.sub<T>(one, u), v128.load(at)), v128.mul<T>(u, v128.load(at + row)));
  return v128.pmin<T>(v128.pmax<T>(y, v128.load(at + 2 * row)), v128.load(at + 3 * row));
}

/**
 * logProb[i] = −Σⱼ log(high − low) for low < x < high, −∞ otherwise.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const row = span<T>(tile);
  const zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    let phase = from % tile;
    for (let done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done);
      for (let e = 0; e < run; e += lanes<T>()) {
        const at = theta + span<T>(phase + e);
        const point = v128.load(x + span<T>(from + done + e));
        const inside = v128.and(v128.gt<T>(point, v128.load(at)), v128.lt<T>(point, v128.load(at + row)));
        v128.store(PLACE + span<T>(done + e), v128.bitselect(zero, never, inside));
      }
      done += run;
    }
    collect<T>(from, count, dim, tile, theta + 5 * row, PLACE, logProb);
  }
}

/**
 * ∂x/∂low = 1 − u, ∂x/∂high = u, with u = (x − low) / (high − low).
 *
 * @param x          T[rows, dim]
 * @param cotangent  T[rows, dim]
 * @param terms      T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  const n = rows * dim;
  const row = span<T>(tile), second = span<T>(n);
  const half = v128.splat<T>(0.5);
  for (let done = 0; done < n; done += tile) {
    let at = theta;
    for (let left = min(tile, n - done); left > 0; left -= lanes<T>()) {
      const inverse = v128.load(at + 4 * row);
      const weight = v128.mul<T>(v128.load(cotangent), v128.add<T>(inverse, inverse));
      const point = v128.mul<T>(half, v128.load(x)); // halves, so that no difference overflows
      const above = v128.mul<T>(weight, v128.sub<T>(point, v128.mul<T>(half, v128.load(at))));
      const below = v128.mul<T>(weight, v128.sub<T>(v128.mul<T>(half, v128.load(at + row)), point));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), below), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), above), left);
      at += 16; x += 16; cotangent += 16; terms += 16;
    }
  }
}

/**
 * out = (1 − u) · tangent of low + u · tangent of high: the adjoint of `pull`.
 *
 * @param tangent  T[2, rows, dim]
 * @param out      T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  const n = rows * dim;
  const row = span<T>(tile), second = span<T>(n);
  const half = v128.splat<T>(0.5);
  for (let done = 0; done < n; done += tile) {
    let at = theta;
    for (let left = min(tile, n - done); left > 0; left -= lanes<T>()) {
      const inverse = v128.load(at + 4 * row), twice = v128.add<T>(inverse, inverse);
      const point = v128.mul<T>(half, v128.load(x));
      const u = v128.mul<T>(twice, v128.sub<T>(point, v128.mul<T>(half, v128.load(at))));
      const rest = v128.mul<T>(twice, v128.sub<T>(v128.mul<T>(half, v128.load(at + row)), point));
      storeSome<T>(out, v128.add<T>(v128.mul<T>(rest, v128.load(tangent)), v128.mul<T>(u, v128.load(tangent + second))), left);
      at += 16; x += 16; tangent += 16; out += 16;
    }
  }
}

/** mean = ½ low + ½ high, variance = (high − low)² / 12; both T[batch, dim], written. */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const low = 0.5 * numberAt(size, theta, e), high = 0.5 * numberAt(size, theta, tile + e);
    setAt(size, mean, e, low + high);
    setAt(size, variance, e, (high - low) * (high - low) / 3);
  }
}

/** value[b] += sign · Σⱼ log(high − low); ∂/∂low = −1 / (high − low), ∂/∂high = 1 / (high − low). `gradient` is T[2, batch, dim]. */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const inverse = sign * numberAt(size, theta, 4 * tile + e);
    addAt(size, value, e / dim, sign * numberAt(size, theta, 5 * tile + e));
    addAt(size, gradient, e, -inverse);
    addAt(size, gradient, batch * dim + e, inverse);
  }
}

/**
 * KL(p ‖ prior) = Σⱼ log(prior's high − low) − log(high − low), ∂/∂low = 1 / (high − low), ∂/∂high = −1 / (high − low), where the prior's
 * interval holds p's; ∞ where it does not, whose gradient is 0.
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[2, batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const p = e % priorTile, inverse = sign * numberAt(size, theta, 4 * tile + e);
    const within = numberAt(size, prior, p) <= numberAt(size, theta, e) && numberAt(size, theta, tile + e) <= numberAt(size, prior, priorTile + p);
    addAt(size, value, e / dim, sign * (within ? numberAt(size, prior, 5 * priorTile + p) - numberAt(size, theta, 5 * tile + e) : Infinity));
    if (!within) continue;
    addAt(size, gradient, e, inverse);
    addAt(size, gradient, batch * dim + e, -inverse);
  }
}

const PLACE = memory.data(PAGE_BYTES, 16);
