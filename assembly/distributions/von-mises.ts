import { lanes, span, storeSome } from "../lanes";
import { atan } from "../math/atan";
import { bessel } from "../math/bessel";
import { expOne } from "../math/once";
import { wave } from "../math/vectors";
import { numberAt, repeatOf, setAt } from "../memory";
import { collect, PAGE, spread, stretchOf } from "../pages";
import { ANGLES, beginAngles, tangents } from "../random/angles";
import { CHUNK } from "../random/stream";
import { OTHER, WEIGHT, Z } from "../work";

/**
 * Prepared θ is T[6, tile]: the location within (−π, π], κ, √(δ / (δ + 2)), κ δ, log 2π e^−κ I₀(κ), 1 − A(κ);
 * δ = r − 1, r = (1 + √(1 + 4κ²)) / 2κ of Best & Fisher's wrapped Cauchy envelope. A κ beyond 1e150 (f32: 1e30) counts as that.
 */
export const enum Row { Location, Kappa, Squash, Lead, Offset, Gap, End }

const PI: f64 = 3.141592653589793;
const LOG_TWO_PI: f64 = 1.8378770664093454;

@inline
function row<T>(theta: usize, tile: i32, i: Row): usize {
  return theta + span<T>(i * tile);
}

/**
 * @param params  T[2, period]: location, then log κ
 * @param theta   T[6, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, params, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, params: usize, theta: usize): void {
  const most: f64 = size == 4 ? 1e30 : 1e150;
  for (let e = 0; e < period; ++e) {
    const location = numberAt(size, params, e), kappa = max<f64>(1 / most, min<f64>(most, expOne(numberAt(size, params, period + e))));
    const root = sqrt<f64>(1 + 4 * kappa * kappa), lead = 0.5 + 0.5 / (root + 2 * kappa);
    bessel(kappa, BESSEL);
    setAt(size, theta, Row.Location * tile + e, location - 2 * PI * nearest<f64>(location / (2 * PI)));
    setAt(size, theta, Row.Kappa * tile + e, kappa);
    setAt(size, theta, Row.Squash * tile + e, sqrt<f64>(lead / (lead + 2 * kappa)));
    setAt(size, theta, Row.Lead * tile + e, lead);
    setAt(size, theta, Row.Offset * tile + e, LOG_TWO_PI + load<f64>(BESSEL));
    setAt(size, theta, Row.Gap * tile + e, load<f64>(BESSEL, 8));
  }
  for (let i = 0; i < Row.End; ++i) repeatOf(size, period, tile, theta + <usize>(size * i * tile));
}

/**
 * Draws location + x, x by random/angles, back within (−π, π].
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  const each = dim * CHUNK;
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    beginAngles(low, high, site, chunk, SOURCES);
    const count = min(left, each);
    for (let done = 0; done < count; done += PAGE) {
      const some = min(PAGE, count - done);
      tangents<T>(phase, some, tile, row<T>(theta, tile, Row.Kappa), SOURCES, Z);
      turn<T>(phase, some, tile, theta, x);
      phase = <i32>(<u32>(phase + some) % <u32>tile);
      x += span<T>(some);
    }
  }
}

/** x[e] = location[e] + 2 atan of the tangent in Z, within (−π, π]. */
function turn<T>(phase: i32, count: i32, tile: i32, theta: usize, x: usize): void {
  const most = v128.splat<T>(sizeof<T>() == 4 ? <T>3.1415925 : <T>PI), least = v128.neg<T>(most), full = v128.splat<T>(<T>(2 * PI)), sign = v128.splat<T>(<T>-0.0);
  let from = Z;
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = theta + span<T>(phase);
    for (let left = run; left > 0; left -= lanes<T>(), at += 16, from += 16, x += 16) {
      const tangent = v128.load(from);
      const half = atan<T>(v128.abs<T>(tangent)), angle = v128.or(v128.add<T>(half, half), v128.and(tangent, sign));
      const turned = v128.add<T>(v128.load(at), angle);
      const down = v128.and(full, v128.gt<T>(turned, most)), up = v128.and(full, v128.lt<T>(turned, least));
      const wrapped = v128.add<T>(v128.sub<T>(turned, down), up);
      storeSome<T>(x, v128.pmin<T>(v128.pmax<T>(wrapped, least), most), left);
    }
    done += run;
  }
}

/** Z = sin ½(x − location) over a stretch; WEIGHT its cosine. */
function halves<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize): void {
  const half = v128.splat<T>(<T>0.5);
  let at = row<T>(theta, tile, Row.Location) + span<T>(from % tile);
  x += span<T>(from);
  for (let to = Z, end = Z + span<T>(count); to < end; at += 16, x += 16, to += 16) v128.store(to, v128.mul<T>(half, v128.sub<T>(v128.load(x), v128.load(at))));
  wave<T>(count, Z, OTHER, 1);
  wave<T>(count, Z, Z, 0);
}

/**
 * logProb[i] = Σⱼ (κ (cos(x − location) − 1) − log 2π e^−κ I₀(κ)), of any x, periodically.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const minus = v128.splat<T>(-2);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    halves<T>(from, count, tile, theta, x);
    let kappa = row<T>(theta, tile, Row.Kappa) + span<T>(from % tile);
    for (let at = Z, end = Z + span<T>(count); at < end; at += 16, kappa += 16) {
      const sine = v128.load(at);
      v128.store(at, v128.mul<T>(v128.mul<T>(minus, v128.load(kappa)), v128.mul<T>(sine, sine)));
    }
    collect<T>(from, count, dim, tile, row<T>(theta, tile, Row.Offset), Z, logProb);
  }
}

/**
 * ∂ log p/∂location = κ sin(x − location), ∂ log p/∂log κ = κ (cos(x − location) − A(κ)).
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const second = span<T>(rows * dim), gap = span<T>((Row.Gap - Row.Kappa) * tile);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    halves<T>(from, count, tile, theta, x);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), kappa = row<T>(theta, tile, Row.Kappa) + span<T>(from % tile);
    for (let left = count, at: usize = 0; left > 0; left -= lanes<T>(), at += 16, kappa += 16, weight += 16, terms += 16) {
      const sine = v128.load(Z + at), twice = v128.add<T>(sine, sine), w = v128.mul<T>(v128.load(weight), v128.load(kappa));
      const location = v128.mul<T>(w, v128.mul<T>(twice, v128.load(OTHER + at)));
      const concentration = v128.mul<T>(w, v128.sub<T>(v128.load(kappa + gap), v128.mul<T>(twice, sine)));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), location), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), concentration), left);
    }
  }
}

/**
 * out += coefficient · ∂ log p/∂x = −κ sin(x − location).
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const minus = v128.splat<T>(-2);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    halves<T>(from, count, tile, theta, x);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), kappa = row<T>(theta, tile, Row.Kappa) + span<T>(from % tile);
    for (let left = count, at: usize = 0; left > 0; left -= lanes<T>(), at += 16, kappa += 16, weight += 16, out += 16) {
      const product = v128.mul<T>(v128.load(Z + at), v128.load(OTHER + at)), w = v128.mul<T>(v128.load(weight), v128.load(kappa));
      storeSome<T>(out, v128.add<T>(v128.load(out), v128.mul<T>(minus, v128.mul<T>(w, product))), left);
    }
  }
}

const BESSEL = memory.data(16, 16);
const SOURCES = memory.data(ANGLES, 16);
