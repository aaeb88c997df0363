import { HALF_PI32, HALF_PI64, TWO_OVER_PI } from "./coefficients";
import { constant } from "./polynomial";

/**
 * x = n · π/2 + r, |r| ≤ π/4, r = high + low: n in the low bits of REDUCED, then high, then low.
 *
 * The ordinary lanes by three products (Cody & Waite 1980); those that are large, or so near a multiple of π/2
 * that three products do not settle r, by the bits of 2/π that matter (Payne & Hanek 1983), one lane at a time.
 *
 * @param ordinary  mask of the lanes for which `shifted`, `high` and `low` are good already
 */
export function reduceAny<T>(x: v128, shifted: v128, high: v128, low: v128, ordinary: v128): void {
  v128.store(ARGUMENT, x);
  v128.store(ARGUMENT, ordinary, 16);
  v128.store(REDUCED, shifted);
  v128.store(REDUCED, high, 16);
  v128.store(REDUCED, low, 32);
  for (let at: usize = 0; at < 16; at += sizeof<T>()) {
    if (load<u32>(ARGUMENT + at, 16)) continue;
    const n = reduce(<f64>load<T>(ARGUMENT + at));
    const rounded = <T>remainder;
    if (sizeof<T>() == 4) store<u32>(REDUCED + at, n);
    else store<u64>(REDUCED + at, n);
    store<T>(REDUCED + at, rounded, 16);
    store<T>(REDUCED + at, <T>((remainder - <f64>rounded) + rest), 32);
  }
}

/** [n, high, low], each a vector. */
export const REDUCED = memory.data(48, 16);
const ARGUMENT = memory.data(32, 16);
let remainder: f64 = 0;
let rest: f64 = 0;

/**
 * n mod 4 for |x| ≥ ½; leaves x − n π/2 in `remainder` + `rest`. With |x| = M 2ᵉ, M an integer of 53 bits, only 192 bits of 2/π
 * count: those before give multiples of 4, those after less than 2⁻¹³⁶, and no f64 is nearer to a multiple of π/2 than 2⁻⁶².
 */
function reduce(x: f64): u32 {
  const bits = reinterpret<u64>(x);
  const biased = <i32>(bits >> 52) & 0x7ff;
  if (biased == 0x7ff) {
    remainder = rest = NaN;
    return 0;
  }
  const integer = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  const start = biased - 1075 - 2 + 64;
  const a = window(start), b = window(start + 64), c = window(start + 128);
  const middle = integer * b, carried = middle + highProduct(integer, c);
  const top = integer * a + highProduct(integer, b) + u64(carried < middle);

  let n = <u32>(top >> 62);
  let fraction = (top << 2) | (carried >> 62);
  let below = (carried << 2) | ((integer * c) >> 62);
  const over = fraction >> 63 != 0;
  if (over) { // at least a half: the next multiple of π/2 is nearer
    n += 1;
    fraction = ~fraction;
    below = ~below;
  }
  const zeros = fraction == 0 ? 64 + clz<u64>(below | 1) : clz<u64>(fraction);
  if (zeros >= 64) fraction = below << (zeros - 64);
  else if (zeros > 0) fraction = (fraction << zeros) | (below >> (64 - zeros));
  const product = highProduct(fraction, 0xc90fdaa22168c234); // π/2 in units of 2⁻⁶³
  const unit = reinterpret<f64>((<u64>(1023 - 63 - zeros)) << 52);
  const sign = over != x < 0 ? -unit : unit;
  remainder = <f64>(product & ~0x7ff) * sign;
  rest = <f64>(product & 0x7ff) * sign;
  return x < 0 ? 0 - n : n;
}

/** 64 bits of 2/π from that bit of the table on. */
function window(start: i32): u64 {
  const at = TWO_OVER_PI + (<usize>(start >> 5) << 2), shift = <u64>(start & 31);
  const upper = (<u64>load<u32>(at) << 32) | load<u32>(at, 4);
  return shift == 0 ? upper : (upper << shift) | (<u64>load<u32>(at, 8) >> (32 - shift));
}

/** The high 64 bits of a · b. */
function highProduct(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
  const cross = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (cross & 0xffffffff);
  return a1 * b1 + (cross >> 32) + (other >> 32);
}

/** n = round(x · 2/π) in the low bits of a large number. */
@inline
export function nearest<T>(x: v128): v128 {
  const table = sizeof<T>() == 4 ? HALF_PI32 : HALF_PI64;
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  return v128.add<T>(v128.mul<T>(x, constant<T>(table, 0)), constant<T>(limits, 0));
}

/** 1.5 · 2^(bits of the significand), the largest |x| of three products, the least |r| / n they settle. */
export const LIMITS32 = memory.data<f32>([12582912, 3216, 4.76837158203125e-7]);
export const LIMITS64 = memory.data<f64>([6755399441055744, 1647000, 8.673617379884035e-19]);
