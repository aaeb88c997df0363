import { numberAt, setAt } from "../memory";
import { digamma } from "../math/digamma";
import { exp64, expOne, log64, logOne } from "../math/once";
import { wave } from "../math/trigonometric";
import { philox, philoxFour } from "../random/philox";
import { TRACED_GAMMA } from "../random/use";
import { chunkOf, isSplat, keyOf, operand, stepOf } from "./draws";
import { DEPTH, DETAIL, OUT, WIDTH } from "./opcodes";

/** What is asked for besides the values: how they move with the shape, and what a jump of the shape makes of them. */
const SLOPE: i32 = 1;
const JUMP: i32 = 2;

/**
 * out[j] = a standard gamma draw of shape operand 0; then rows of its derivative in the shape, then rows of the jumps that jumps of the
 * shape, operand 1, make. In both precisions the same, up to rounding.
 *
 * @param out  T[3 · width], rows
 */
export function gamma<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  gammaOf(sizeof<T>(), at, first, n, stride, keyOf(at, externals));
}

function gammaOf(size: i32, at: usize, first: i32, n: i32, stride: usize, key: usize): void {
  const asked = load<i32>(at, DEPTH), width = load<i32>(at, WIDTH) / 3, site = load<u32>(at, DETAIL), chunk = chunkOf(key, first);
  for (let k = 0; k < width; ++k) {
    const shapes = operand(at, 0) + <usize>k * stepOf(at, 0), jumps = operand(at, 1) + <usize>k * stepOf(at, 1);
    const out = <usize>load<u32>(at, OUT) + <usize>k * stride, slopes = out + <usize>width * stride, changes = slopes + <usize>width * stride;
    for (let lane = 0; lane < n; ++lane) {
      const shape = numberAt(size, shapes, isSplat(at, 0) ? 0 : lane), jump = numberAt(size, jumps, isSplat(at, 1) ? 0 : lane);
      if (!(lane & 3)) {
        for (let i = 0; i < 4; ++i) store<f64>(SHAPES + (<usize>i << 3), isSplat(at, 0) ? shape : numberAt(size, shapes, min(lane + i, n - 1)));
        firstTries(key, site + k, chunk, lane);
      }
      const first = load<f64>(FOUND + (<usize>(lane & 3) << 3)), x = first > 0 ? first : standard(key, site + k, chunk, lane, shape, 1);
      setAt(size, out, lane, x);
      if (asked & SLOPE) setAt(size, slopes, lane, x == x ? slope(shape, x) : NaN);
      if (asked & JUMP) setAt(size, changes, lane, jump == 0 ? 0 : standard(key, site + k, chunk, lane, shape + jump, 0) - x);
    }
  }
}

/** Marsaglia & Tsang 2000; a shape below 1 from one above, times u^(1 / shape). Each try of a lane has a block of random words of its own. */
function standard(key: usize, site: u32, chunk: u32, lane: i32, shape: f64, tries: u32): f64 {
  if (!(shape > 0)) return NaN; // no try would ever do
  const large = shape < 1 ? shape + 1 : shape, d = large - 1.0 / 3, c = 1 / sqrt<f64>(9 * d);
  for (; tries < 1000; ++tries) {
    philox(load<u32>(key), load<u32>(key, 4), lane, chunk, site, TRACED_GAMMA | (tries << 8), BLOCK);
    const z = normal(), v = (1 + c * z) * (1 + c * z) * (1 + c * z);
    if (v > 0 && logOne(unit(8)) < 0.5 * z * z + d * (1 - v + logOne(v))) {
      if (shape >= 1) return d * v;
      return max(smallest, d * v * expOne(logOne(unit(12)) / shape));
    }
  }
  return d;
}

/** FOUND[i] = the draw of lane + i if its first try is accepted, to the same bits; else 0. */
function firstTries(key: usize, site: u32, chunk: u32, lane: i32): void {
  const one = f64x2.splat(1), half = f64x2.splat(0.5);
  philoxFour(load<u32>(key), load<u32>(key, 4), i32x4.add(i32x4.splat(lane), v128.load(LANES)), chunk, site, TRACED_GAMMA, FOUR, 16);
  for (let i: usize = 0; i < 4; i += 2) {
    const shape = v128.load(SHAPES + (i << 3)), small = f64x2.lt(shape, one);
    const d = f64x2.sub(f64x2.add(shape, v128.and(small, one)), f64x2.splat(1.0 / 3)), c = f64x2.div(one, f64x2.sqrt(f64x2.mul(f64x2.splat(9), d)));
    const angle = f64x2.mul(f64x2.splat(6.283185307179586), units(1, i));
    const z = f64x2.mul(f64x2.sqrt(f64x2.mul(f64x2.splat(-2), log64(units(0, i)))), wave<f64>(angle, 1));
    const root = f64x2.add(one, f64x2.mul(c, z)), v = f64x2.mul(f64x2.mul(root, root), root);
    const most = f64x2.add(f64x2.mul(f64x2.mul(half, z), z), f64x2.mul(d, f64x2.add(f64x2.sub(one, v), log64(v))));
    const accepted = v128.and(f64x2.gt(v, f64x2.splat(0)), f64x2.lt(log64(units(2, i)), most));
    let x = f64x2.mul(d, v);
    if (v128.any_true(small)) x = v128.bitselect(f64x2.max(f64x2.splat(smallest), f64x2.mul(x, exp64(f64x2.div(log64(units(3, i)), shape)))), x, small);
    v128.store(FOUND + (i << 3), v128.and(x, accepted));
  }
}

/** `unit` of word `word` of lanes i and i + 1 of four. */
@inline
function units(word: usize, i: usize): v128 {
  return f64x2.mul(f64x2.add(f64x2.convert_low_i32x4_u(v128.load64_zero(FOUR + (word << 4) + (i << 2))), f64x2.splat(0.5)), f64x2.splat(2.3283064365386963e-10));
}

const LANES = memory.data<i32>([0, 1, 2, 3]);
const FOUR = memory.data(64, 16);
const SHAPES = memory.data(32, 16);
const FOUND = memory.data(32, 16);
const smallest: f64 = 2.2250738585072014e-308;

/** Words 0 and 1 of the block as a standard normal (Box & Muller 1958). */
@inline
function normal(): f64 {
  const angle = 6.283185307179586 * unit(4);
  return sqrt<f64>(-2 * logOne(unit(0))) * f64x2.extract_lane(wave<f64>(f64x2.splat(angle), 1), 0);
}

/** A uniform in (0, 1) from one word of the block. */
@inline
function unit(from: usize): f64 {
  return (<f64>load<u32>(BLOCK + from) + 0.5) * 2.3283064365386963e-10;
}

/**
 * ∂x/∂a at a fixed probability P(a, x) (Figurnov, Mohamed & Mnih 2018): −∂P/∂a / p(x), with P = Σₖ tₖ, tₖ = x^(a + k) e^−x / Γ(a + k + 1)
 * and ∂tₖ/∂a = tₖ (ln x − ψ(a + k + 1)).
 *
 * In the upper tail the terms cancel, to an absolute error of about 10⁻¹⁶ / p(x): as rare as it is large.
 */
function slope(a: f64, x: f64): f64 {
  const l = logOne(x);
  let psi = f64x2.extract_lane(digamma<f64>(f64x2.splat(a + 1)), 0);
  let term = x / a, sum: f64 = 0; // tₖ / p(x)
  for (let k: f64 = 1; k < 1e7; ++k) {
    sum += term * (psi - l);
    psi += 1 / (a + k);
    term *= x / (a + k);
    if (a + k > x && term * abs(psi - l) <= 1e-17 * abs(sum)) break;
  }
  return sum;
}

const BLOCK = memory.data(16, 16);
