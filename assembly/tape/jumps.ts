import { extent } from "./elementwise";
import { A, B, C, DEPTH, DETAIL, OUT, SPLATS, STEP_A, STEP_B, STEP_C, WIDTH } from "./opcodes";

/** out[j] = a[j] · b[j] + c[j], b and c one number for all lanes; out may be a. */
export function affine<T>(at: usize, n: i32, stride: usize): void {
  const size = extent<T>(n), stepA = <usize>load<u32>(at, STEP_A), stepB = <usize>load<u32>(at, STEP_B), stepC = <usize>load<u32>(at, STEP_C);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A), b = <usize>load<u32>(at, B), c = <usize>load<u32>(at, C);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA, b += stepB, c += stepC) {
    const scale = v128.load_splat<T>(b), shift = v128.load_splat<T>(c);
    for (let to = out, from = a, end = out + size; to < end; to += 64, from += 64) {
      const x0 = v128.add<T>(v128.mul<T>(v128.load(from), scale), shift), x1 = v128.add<T>(v128.mul<T>(v128.load(from, 16), scale), shift);
      const x2 = v128.add<T>(v128.mul<T>(v128.load(from, 32), scale), shift), x3 = v128.add<T>(v128.mul<T>(v128.load(from, 48), scale), shift);
      v128.store(to, x0); v128.store(to, x1, 16); v128.store(to, x2, 32); v128.store(to, x3, 48);
    }
  }
}

/**
 * out[j] = a[j] where no later perturbation has won: where b, the birth of the one that lives, is at most DETAIL + j · DEPTH; else 0.
 * out may be a.
 */
export function mask<T>(at: usize, n: i32, stride: usize): void {
  const size = extent<T>(n), stepA = <usize>load<u32>(at, STEP_A), spacing = load<i32>(at, DEPTH), births = <usize>load<u32>(at, B);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A), since = load<i32>(at, DETAIL);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA, since += spacing) {
    const last = v128.splat<T>(<T>since);
    let birth = births;
    for (let to = out, from = a, end = out + size; to < end; to += 64, from += 64, birth += 64) {
      const x0 = valid<T>(from, birth, last), x1 = valid<T>(from + 16, birth + 16, last);
      const x2 = valid<T>(from + 32, birth + 32, last), x3 = valid<T>(from + 48, birth + 48, last);
      v128.store(to, x0); v128.store(to, x1, 16); v128.store(to, x2, 32); v128.store(to, x3, 48);
    }
  }
}

/** out[j] = (a[j] as `mask` leaves it) + c[j]; out may be a or c. */
export function maskAdd<T>(at: usize, n: i32, stride: usize): void {
  const size = extent<T>(n), stepA = <usize>load<u32>(at, STEP_A), stepC = <usize>load<u32>(at, STEP_C), births = <usize>load<u32>(at, B);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A), c = <usize>load<u32>(at, C);
  const last = v128.splat<T>(<T>load<i32>(at, DETAIL));
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA, c += stepC) {
    let birth = births;
    for (let to = out, from = a, other = c, end = out + size; to < end; to += 64, from += 64, other += 64, birth += 64) {
      const x0 = v128.add<T>(valid<T>(from, birth, last), v128.load(other));
      const x1 = v128.add<T>(valid<T>(from + 16, birth + 16, last), v128.load(other, 16));
      const x2 = v128.add<T>(valid<T>(from + 32, birth + 32, last), v128.load(other, 32));
      const x3 = v128.add<T>(valid<T>(from + 48, birth + 48, last), v128.load(other, 48));
      v128.store(to, x0); v128.store(to, x1, 16); v128.store(to, x2, 32); v128.store(to, x3, 48);
    }
  }
}

@inline
function valid<T>(jump: usize, birth: usize, last: v128): v128 {
  return v128.and(v128.load(jump), v128.le<T>(v128.load(birth), last));
}

/**
 * out[lane] = a[b[lane], lane], or a[b[lane]] of numbers for all lanes: the nearest entry where b is none of 0 … DEPTH − 1.
 */
export function pick<T>(at: usize, n: i32, stride: usize): void {
  const a = <usize>load<u32>(at, A), step = <usize>load<u32>(at, STEP_A), last = <T>(load<i32>(at, DEPTH) - 1);
  const along = load<i32>(at, SPLATS) & 1 ? 0 : sizeof<T>();
  let out = <usize>load<u32>(at, OUT), b = <usize>load<u32>(at, B);
  for (let lane: usize = 0, end = out + <usize>n * sizeof<T>(); out < end; out += sizeof<T>(), b += sizeof<T>(), lane += along) {
    const index = load<T>(b);
    store<T>(out, load<T>(a + <usize>(index > 0 ? min<T>(index, last) : <T>0) * step + lane));
  }
}
