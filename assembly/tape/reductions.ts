import { sumOf } from "../lanes";
import { expBelowOne } from "../math/exp";
import { log } from "../math/log";
import { extent, one, zero } from "./elementwise";
import { A, B, OUT, WIDTH } from "./opcodes";

/** out[lane] = Σⱼ a[j, lane], in the order of j. */
export function sum<T>(at: usize, n: i32, stride: usize): void {
  const width = <usize>load<i32>(at, WIDTH), out = <usize>load<u32>(at, OUT), size = extent<T>(n);
  let a = <usize>load<u32>(at, A);
  const shift = out - a;
  for (const end = a + size; a < end; a += 64) {
    let s0 = v128.load(a), s1 = v128.load(a, 16), s2 = v128.load(a, 32), s3 = v128.load(a, 48);
    for (let row = a + stride, last = a + width * stride; row < last; row += stride) {
      s0 = v128.add<T>(s0, v128.load(row)); s1 = v128.add<T>(s1, v128.load(row, 16));
      s2 = v128.add<T>(s2, v128.load(row, 32)); s3 = v128.add<T>(s3, v128.load(row, 48));
    }
    const to = a + shift;
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
}

/** out[lane] = Σⱼ a[j, lane] b[j, lane], in the order of j. */
export function dot<T>(at: usize, n: i32, stride: usize): void {
  const width = <usize>load<i32>(at, WIDTH), out = <usize>load<u32>(at, OUT), size = extent<T>(n);
  let a = <usize>load<u32>(at, A);
  const shift = out - a, other = <usize>load<u32>(at, B) - a;
  for (const end = a + size; a < end; a += 64) {
    let s0 = zero<T>(), s1 = s0, s2 = s0, s3 = s0;
    for (let row = a, last = a + width * stride; row < last; row += stride) {
      const b = row + other;
      s0 = v128.add<T>(s0, v128.mul<T>(v128.load(row), v128.load(b)));
      s1 = v128.add<T>(s1, v128.mul<T>(v128.load(row, 16), v128.load(b, 16)));
      s2 = v128.add<T>(s2, v128.mul<T>(v128.load(row, 32), v128.load(b, 32)));
      s3 = v128.add<T>(s3, v128.mul<T>(v128.load(row, 48), v128.load(b, 48)));
    }
    const to = a + shift;
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
}

@inline
function greatest<T>(a: usize, last: usize, stride: usize): v128 {
  let most = v128.load(a);
  for (let row = a + stride; row < last; row += stride) most = v128.max<T>(most, v128.load(row));
  return most;
}

/** out[lane] = maxⱼ a[j, lane] */
export function max<T>(at: usize, n: i32, stride: usize): void {
  const height = <usize>load<i32>(at, WIDTH) * stride, out = <usize>load<u32>(at, OUT), size = extent<T>(n);
  const a = <usize>load<u32>(at, A);
  for (let lane: usize = 0; lane < size; lane += 16) v128.store(out + lane, greatest<T>(a + lane, a + lane + height, stride));
}

/** out[j, lane] = 1 at the first j with a[j, lane] = maxⱼ a[j, lane], else 0 */
export function firstMax<T>(at: usize, n: i32, stride: usize): void {
  const height = <usize>load<i32>(at, WIDTH) * stride, size = extent<T>(n);
  const a = <usize>load<u32>(at, A), shift = <usize>load<u32>(at, OUT) - a;
  for (let lane: usize = 0; lane < size; lane += 16) {
    const last = a + lane + height, most = greatest<T>(a + lane, last, stride);
    let open = v128.eq<T>(zero<T>(), zero<T>());
    for (let row = a + lane; row < last; row += stride) {
      const here = v128.and(open, v128.eq<T>(v128.load(row), most));
      open = v128.andnot(open, here);
      v128.store(row + shift, v128.and(here, one<T>()));
    }
  }
}

/** log Σⱼ exp(a[j, lane] − m), in the order of j. */
function logOfSum<T>(a: usize, last: usize, stride: usize, m: v128): v128 {
  let s = zero<T>();
  for (let row = a; row < last; row += stride) s = v128.add<T>(s, expBelowOne<T>(v128.sub<T>(v128.load(row), m)));
  return log<T>(s);
}

/**
 * out[j, lane] = (a[j, lane] − m) − log Σₖ exp(a[k, lane] − m), m the greatest of the lane; out may be a.
 */
export function logSoftmax<T>(at: usize, n: i32, stride: usize): void {
  const height = <usize>load<i32>(at, WIDTH) * stride, size = (<usize>n * sizeof<T>() + 15) & ~15;
  const a = <usize>load<u32>(at, A), shift = <usize>load<u32>(at, OUT) - a;
  for (let lane: usize = 0; lane < size; lane += 16) {
    const last = a + lane + height, m = greatest<T>(a + lane, last, stride);
    const l = logOfSum<T>(a + lane, last, stride, m);
    for (let row = a + lane; row < last; row += stride) v128.store(row + shift, v128.sub<T>(v128.sub<T>(v128.load(row), m), l));
  }
}

/**
 * out[lane] = m + log Σⱼ exp(a[j, lane] − m), m the greatest of the lane; m itself if it is not finite.
 */
export function logSumExp<T>(at: usize, n: i32, stride: usize): void {
  const height = <usize>load<i32>(at, WIDTH) * stride, out = <usize>load<u32>(at, OUT), size = (<usize>n * sizeof<T>() + 15) & ~15;
  const a = <usize>load<u32>(at, A);
  for (let lane: usize = 0; lane < size; lane += 16) {
    const last = a + lane + height, m = greatest<T>(a + lane, last, stride);
    const l = logOfSum<T>(a + lane, last, stride, m);
    const finite = v128.eq<T>(v128.sub<T>(m, m), zero<T>());
    v128.store(out + lane, v128.bitselect(v128.add<T>(m, l), m, finite));
  }
}

/**
 * out[j] += Σ a[j, lane] over exactly n lanes: four vectors of partial sums by turns, then their sum, then across the vector.
 *
 * @param out  T[width]
 */
export function sumLanes<T>(at: usize, n: i32, stride: usize): void {
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A);
  const size = <usize>n * sizeof<T>(), lines = size & ~63, vectors = size & ~15;
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += sizeof<T>(), a += stride) {
    let s0 = zero<T>(), s1 = s0, s2 = s0, s3 = s0;
    let from = a;
    for (const end = a + lines; from < end; from += 64) {
      s0 = v128.add<T>(s0, v128.load(from)); s1 = v128.add<T>(s1, v128.load(from, 16));
      s2 = v128.add<T>(s2, v128.load(from, 32)); s3 = v128.add<T>(s3, v128.load(from, 48));
    }
    for (const end = a + vectors; from < end; from += 16) s0 = v128.add<T>(s0, v128.load(from));
    let s = sumOf<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)));
    for (const end = a + size; from < end; from += sizeof<T>()) s += load<T>(from);
    store<T>(out, load<T>(out) + s);
  }
}
