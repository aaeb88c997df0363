import { span } from "../lanes";

/**
 * Two rows in two lanes, of the same numbers as one by one: their sums do not wait for each other, and one division is for both.
 *
 * @param first   f64[items]: weights of the first row's items, `second` of the second's
 * @param x       T[2, items]
 * @param sums    f64[2 items], written over
 * @param places  i32[2 items rounded up to 4], written over
 * @param terms   T[2, items], added to
 */
@inline
export function addTwo<T>(items: i32, coefficient: usize, first: usize, second: usize, x: usize, sums: usize, places: usize, terms: usize): void {
  placesOf<T>(2 * items, items, x, places);
  const other = <usize>items << 2, end = sums + (<usize>items << 4), rest = terms + span<T>(items);
  let sum = f64x2.splat(0);
  for (let at = end, place = places + other; at > sums;) {
    at -= 16, place -= 4;
    sum = f64x2.add(sum, pairAt(first + (<usize>load<u32>(place) << 3), second + (<usize>load<u32>(place + other) << 3)));
    v128.store(at, sum);
  }
  const scale = sizeof<T>() == 8 ? v128.load(coefficient) : f64x2.promote_low_f32x4(v128.load64_zero(coefficient));
  let shares = f64x2.splat(0);
  for (let at = sums; at < end; at += 16, places += 4) {
    shares = f64x2.add(shares, f64x2.div(f64x2.splat(1), v128.load(at)));
    const k = <usize>load<u32>(places), l = <usize>load<u32>(places + other), weight = pairAt(first + (k << 3), second + (l << 3));
    const slope = f64x2.mul(scale, f64x2.sub(f64x2.splat(1), f64x2.mul(weight, shares)));
    addTo<T>(terms + k * sizeof<T>(), f64x2.extract_lane(slope, 0));
    addTo<T>(rest + l * sizeof<T>(), f64x2.extract_lane(slope, 1));
  }
}

@inline
function pairAt(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1);
}

@inline
function addTo<T>(at: usize, x: f64): void {
  store<T>(at, load<T>(at) + <T>x);
}

/** Items as integers, whole vectors of them: the low bits of x + 2²³, or x + 2⁵². What is no item is one of all, as in plackett-luce's `itemAt`. */
@inline
function placesOf<T>(count: i32, items: i32, x: usize, places: usize): void {
  const last = i32x4.splat(items - 1);
  for (const end = places + (<usize>count << 2); places < end; places += 16, x += 4 * sizeof<T>()) {
    let bits: v128;
    if (sizeof<T>() == 4) bits = i32x4.sub(f32x4.add(v128.load(x), f32x4.splat(8388608)), i32x4.splat(0x4b000000));
    else bits = v128.shuffle<u32>(f64x2.add(v128.load(x), f64x2.splat(4503599627370496)), f64x2.add(v128.load(x + 16), f64x2.splat(4503599627370496)), 0, 2, 4, 6);
    v128.store(places, i32x4.min_u(bits, last));
  }
}
