import { addOuter, affine, backward, forward, heightOf } from "../linear-algebra/triangular";
import { lanes, span, storeSome } from "../lanes";
import { log } from "../math/vectors";
import { numberAt, setAt } from "../memory";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";

// Prepared θ, a problem: mean T[height], 1 / Lⱼⱼ T[height], columns of L T[d, height], then ½ d log 2π + Σ log |Lⱼⱼ| and room up to
// four numbers. After the last problem come three vectors T[height] to work in.
@inline
export function mean<T>(theta: usize, d: i32, b: i32): usize {
  return theta + span<T>(b * ((d + 2) * heightOf(d) + 4));
}
@inline
export function inverse<T>(own: usize, d: i32): usize {
  return own + span<T>(heightOf(d));
}
@inline
export function columns<T>(own: usize, d: i32): usize {
  return own + span<T>(2 * heightOf(d));
}
@inline
export function constant<T>(own: usize, d: i32): usize {
  return own + span<T>((d + 2) * heightOf(d));
}

const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;

/**
 * @param params  T[batch, d] means, then T[batch, d, d] lower triangles by rows
 * @param theta   T[batch, (d + 2) height + 4], written, and T[3, height] after it
 */
export function prepare<T>(batch: i32, d: i32, params: usize, theta: usize): void {
  const logs = mean<T>(theta, d, batch);
  for (let b = 0; b < batch; ++b) {
    const own = mean<T>(theta, d, b), lower = params + span<T>(batch * d + b * d * d);
    place(sizeof<T>(), d, params + span<T>(b * d), lower, own, logs);
    log<T>(d, logs, logs);
    setAt(sizeof<T>(), constant<T>(own, d), 0, sumOfLogs(sizeof<T>(), d, logs));
  }
}

/** The mean, 1 / Lⱼⱼ and the columns of L, each up to its height; and |Lⱼⱼ| to take the logarithms of. */
function place(size: i32, d: i32, mean: usize, lower: usize, own: usize, diagonals: usize): void {
  const height = heightOf(d), most = size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE;
  memory.fill(own, 0, <usize>(size * (d + 2) * height));
  memory.copy(own, mean, <usize>(size * d));
  for (let j = 0; j < d; ++j) {
    const diagonal = numberAt(size, lower, j * (d + 1));
    setAt(size, own, height + j, max<f64>(-most, min<f64>(most, 1 / diagonal)));
    setAt(size, diagonals, j, abs<f64>(diagonal));
    for (let i = j; i < d; ++i) setAt(size, own, (2 + j) * height + i, numberAt(size, lower, i * d + j));
  }
}

function sumOfLogs(size: i32, d: i32, logs: usize): f64 {
  let sum = HALF_LOG_TWO_PI * <f64>d;
  for (let j = 0; j < d; ++j) sum += numberAt(size, logs, j);
  return sum;
}

/**
 * x = mean + L e of standard normal e, row by row from a chunk's noise in order.
 *
 * @param noise  T[rows, d], written: e; or x itself, where e is not wanted
 * @param x      T[rows, d], written
 */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, d: i32, theta: usize, noise: usize, x: usize): void {
  const each = span<T>(d), some = 8 * max(1, 64 / d); // rows whose noise stays in the first cache; of eight rows the words are whole groups
  let b = <i32>(<u64>chunk * CHUNK % batch);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    const count = min(left, CHUNK);
    for (let done = 0; done < count; done += some) {
      const now = min(some, count - done);
      standard<T>(Noise.Normal, now * d, NOISE, noise);
      for (let r = 0; r < now; ++r, noise += each, x += each) {
        const own = mean<T>(theta, d, b);
        affine<T>(d, own, columns<T>(own, d), noise, x);
        if (++b == batch) b = 0;
      }
    }
  }
}

/** x = mean + L e of noise that is given. `noise` is T[rows, d], may be x; x is T[rows, d], written. */
export function move<T>(rows: i32, batch: i32, d: i32, theta: usize, noise: usize, x: usize): void {
  for (let r = 0, b = 0; r < rows; ++r, noise += span<T>(d), x += span<T>(d)) {
    const own = mean<T>(theta, d, b);
    affine<T>(d, own, columns<T>(own, d), noise, x);
    if (++b == batch) b = 0;
  }
}

const NOISE = memory.data(SOURCE, 16);

/** to[i] = a[i] − b[i] up to d, 0 up to the height. */
@inline
export function difference<T>(d: i32, a: usize, b: usize, to: usize): void {
  for (let i = 0; i < d; i += lanes<T>()) v128.store(to + span<T>(i), v128.sub<T>(v128.load(a + span<T>(i)), v128.load(b + span<T>(i))));
  memory.fill(to + span<T>(d), 0, span<T>(heightOf(d) - d));
}

/** Σ y² */
@inline
export function squared<T>(d: i32, y: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < d; ++i) sum += <f64>load<T>(y + span<T>(i)) * <f64>load<T>(y + span<T>(i));
  return sum;
}

/**
 * logProb[r] = −½ |y|² − Σ log |Lⱼⱼ| − ½ d log 2π, y = L⁻¹ (x − mean).
 *
 * @param x        T[rows, d]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, batch: i32, d: i32, theta: usize, x: usize, logProb: usize): void {
  const rest = mean<T>(theta, d, batch), y = rest + span<T>(heightOf(d));
  for (let r = 0, b = 0; r < rows; ++r) {
    const own = mean<T>(theta, d, b);
    difference<T>(d, x + span<T>(r * d), own, rest);
    forward<T>(d, columns<T>(own, d), inverse<T>(own, d), rest, y);
    store<T>(logProb + span<T>(r), <T>(-0.5 * squared<T>(d, y) - <f64>load<T>(constant<T>(own, d))));
    if (++b == batch) b = 0;
  }
}

/**
 * With y = L⁻¹ (x − mean), s = L⁻ᵀ y: terms of mean += c s, terms of scaleTril[i, j] += c (sᵢ yⱼ − 1[i = j] / Lⱼⱼ) for i ≥ j.
 *
 * @param x            T[rows, d]
 * @param coefficient  T[rows]: c
 * @param terms        T[rows, d], then T[rows, d, d], added to
 */
export function score<T>(rows: i32, batch: i32, d: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const rest = mean<T>(theta, d, batch), y = rest + span<T>(heightOf(d)), s = y + span<T>(heightOf(d));
  let lower = terms + span<T>(rows * d);
  for (let r = 0, b = 0; r < rows; ++r, terms += span<T>(d), lower += span<T>(d * d)) {
    const own = mean<T>(theta, d, b), inverses = inverse<T>(own, d);
    const c = load<T>(coefficient + span<T>(r));
    difference<T>(d, x + span<T>(r * d), own, rest);
    forward<T>(d, columns<T>(own, d), inverses, rest, y);
    backward<T>(d, columns<T>(own, d), inverses, y, s);
    addScaled<T>(d, c, s, terms);
    addOuter<T>(d, c, s, y, lower);
    for (let j = 0; j < d; ++j) {
      const at = lower + span<T>(j * (d + 1));
      store<T>(at, load<T>(at) - c * load<T>(inverses + span<T>(j)));
    }
    if (++b == batch) b = 0;
  }
}

/** to[i] += factor · a[i], T[d] */
@inline
export function addScaled<T>(d: i32, factor: T, a: usize, to: usize): void {
  const each = v128.splat<T>(factor);
  for (let i = 0; i < d; i += lanes<T>()) {
    const at = to + span<T>(i);
    storeSome<T>(at, v128.add<T>(v128.load(at), v128.mul<T>(each, v128.load(a + span<T>(i)))), d - i);
  }
}

/**
 * terms of mean += g, terms of scaleTril[i, j] += gᵢ eⱼ for i ≥ j.
 *
 * @param noise      T[rows, d]: e
 * @param cotangent  T[rows, d]: g
 * @param terms      T[rows, d], then T[rows, d, d], added to
 */
export function pull<T>(rows: i32, d: i32, noise: usize, cotangent: usize, terms: usize): void {
  let lower = terms + span<T>(rows * d);
  for (let r = 0; r < rows; ++r, lower += span<T>(d * d)) {
    const at = span<T>(r * d);
    addScaled<T>(d, 1, cotangent + at, terms + at);
    addOuter<T>(d, 1, cotangent + at, noise + at, lower);
  }
}

/**
 * out = tangent of mean + T e, T the lower triangle of the tangent of scaleTril: the adjoint of `pull`.
 *
 * @param noise    T[rows, d]: e
 * @param tangent  T[rows, d], then T[rows, d, d]
 * @param out      T[rows, d], written
 */
export function push<T>(rows: i32, d: i32, noise: usize, tangent: usize, out: usize): void {
  let lower = tangent + span<T>(rows * d);
  memory.copy(out, tangent, span<T>(rows * d));
  for (let r = 0; r < rows; ++r, noise += span<T>(d)) {
    for (let i = 0; i < d; ++i, out += sizeof<T>(), lower += span<T>(d)) {
      let sum: T = load<T>(out);
      for (let j = 0; j <= i; ++j) sum += load<T>(lower + span<T>(j)) * load<T>(noise + span<T>(j));
      store<T>(out, sum);
    }
  }
}

/**
 * out −= coefficient · L⁻ᵀ L⁻¹ (x − mean)
 *
 * @param x            T[rows, d]
 * @param coefficient  T[rows]
 * @param out          T[rows, d], added to
 */
export function logProbGradient<T>(rows: i32, batch: i32, d: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const rest = mean<T>(theta, d, batch), y = rest + span<T>(heightOf(d)), s = y + span<T>(heightOf(d));
  for (let r = 0, b = 0; r < rows; ++r, out += span<T>(d)) {
    const own = mean<T>(theta, d, b);
    difference<T>(d, x + span<T>(r * d), own, rest);
    forward<T>(d, columns<T>(own, d), inverse<T>(own, d), rest, y);
    backward<T>(d, columns<T>(own, d), inverse<T>(own, d), y, s);
    addScaled<T>(d, -load<T>(coefficient + span<T>(r)), s, out);
    if (++b == batch) b = 0;
  }
}
