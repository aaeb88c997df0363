import { sumOf } from "../lanes";
import { extent, zero } from "./elementwise";
import { A, B, C, DEPTH, DETAIL, OUT, STEP_B, WIDTH } from "./opcodes";

/** Bytes of rows that are gone through again and again: they stay in the first-level cache. */
const NEAR: usize = 32768;

/** Rows of a block: as many as stay near, but no fewer than keep eight sums in registers worth while. */
@inline
function blockOf(stride: usize): i32 {
  return max(<i32>(NEAR / stride), 32) & ~3;
}

/**
 * out[j, lane] = b[j] + Σᵢ x[i, lane] W[i, j]; with the strides of W exchanged, Wᵀ, without a copy. b may be absent (0).
 *
 * Four outputs by two vectors of lanes are eight sums in registers. A deep sum goes by blocks of i that stay in cache
 * (64 lanes of 2000 → 64 in f64, with packing: 12 to 19 GFLOP/s), its terms in the same order.
 */
export function matmul<T>(at: usize, n: i32, stride: usize): void {
  const depth = load<i32>(at, DEPTH), block = blockOf(stride);
  for (let i = 0; i < depth; i += block) matmulBlock<T>(at, n, stride, i, min(block, depth - i));
}

/** The terms from i on, added to those before. */
function matmulBlock<T>(at: usize, n: i32, stride: usize, i: i32, height: i32): void {
  const outs = load<i32>(at, WIDTH), size = extent<T>(n), depth = <usize>height;
  const byRow = <usize>load<u32>(at, STEP_B), byColumn = <usize>load<u32>(at, DETAIL), bias = <usize>load<u32>(at, C);
  const x = <usize>load<u32>(at, A) + <usize>i * stride;
  let w = <usize>load<u32>(at, B) + <usize>i * byRow, out = <usize>load<u32>(at, OUT), j = 0;
  let start = i > 0 ? LATER : bias != 0 ? bias : NOTHING;
  const next = i > 0 || bias == 0 ? 0 : sizeof<T>();
  for (; j + 4 <= outs; j += 4, w += 4 * byColumn, out += 4 * stride, start += 4 * next) {
    for (let lane: usize = 0; lane < size; lane += 32) fourOutputs<T>(depth, x + lane, w, byRow, byColumn, out + lane, stride, start, next);
  }
  for (; j < outs; ++j, w += byColumn, out += stride, start += next) {
    for (let lane: usize = 0; lane < size; lane += 64) oneOutput<T>(depth, x + lane, w, byRow, out + lane, stride, start);
  }
}

/** What the first sums start from, without a bias; and the mark of sums that go on. */
const NOTHING = memory.data(16, 16);
const LATER: usize = 0;

@inline
function fourOutputs<T>(depth: usize, x: usize, w: usize, byRow: usize, byColumn: usize, out: usize, stride: usize, start: usize, next: usize): void {
  let a0: v128, a1: v128, b0: v128, b1: v128, c0: v128, c1: v128, d0: v128, d1: v128;
  if (start != LATER) {
    a0 = v128.load_splat<T>(start), b0 = v128.load_splat<T>(start + next);
    c0 = v128.load_splat<T>(start + 2 * next), d0 = v128.load_splat<T>(start + 3 * next);
    a1 = a0, b1 = b0, c1 = c0, d1 = d0;
  } else {
    const second = out + stride, third = second + stride, fourth = third + stride;
    a0 = v128.load(out), a1 = v128.load(out, 16), b0 = v128.load(second), b1 = v128.load(second, 16);
    c0 = v128.load(third), c1 = v128.load(third, 16), d0 = v128.load(fourth), d1 = v128.load(fourth, 16);
  }
  const end = x + depth * stride, twice = byColumn << 1;
  for (; x < end; x += stride, w += byRow) {
    const x0 = v128.load(x), x1 = v128.load(x, 16), third = w + twice;
    const a = v128.load_splat<T>(w), b = v128.load_splat<T>(w + byColumn), c = v128.load_splat<T>(third), d = v128.load_splat<T>(third + byColumn);
    a0 = v128.add<T>(a0, v128.mul<T>(x0, a)); a1 = v128.add<T>(a1, v128.mul<T>(x1, a));
    b0 = v128.add<T>(b0, v128.mul<T>(x0, b)); b1 = v128.add<T>(b1, v128.mul<T>(x1, b));
    c0 = v128.add<T>(c0, v128.mul<T>(x0, c)); c1 = v128.add<T>(c1, v128.mul<T>(x1, c));
    d0 = v128.add<T>(d0, v128.mul<T>(x0, d)); d1 = v128.add<T>(d1, v128.mul<T>(x1, d));
  }
  v128.store(out, a0); v128.store(out, a1, 16);
  out += stride;
  v128.store(out, b0); v128.store(out, b1, 16);
  out += stride;
  v128.store(out, c0); v128.store(out, c1, 16);
  out += stride;
  v128.store(out, d0); v128.store(out, d1, 16);
}

@inline
function oneOutput<T>(depth: usize, x: usize, w: usize, byRow: usize, out: usize, stride: usize, start: usize): void {
  let s0: v128, s1: v128, s2: v128, s3: v128;
  if (start != LATER) s0 = s1 = s2 = s3 = v128.load_splat<T>(start);
  else s0 = v128.load(out), s1 = v128.load(out, 16), s2 = v128.load(out, 32), s3 = v128.load(out, 48);
  for (const end = x + depth * stride; x < end; x += stride, w += byRow) {
    const a = v128.load_splat<T>(w);
    s0 = v128.add<T>(s0, v128.mul<T>(v128.load(x), a)); s1 = v128.add<T>(s1, v128.mul<T>(v128.load(x, 16), a));
    s2 = v128.add<T>(s2, v128.mul<T>(v128.load(x, 32), a)); s3 = v128.add<T>(s3, v128.mul<T>(v128.load(x, 48), a));
  }
  v128.store(out, s0); v128.store(out, s1, 16); v128.store(out, s2, 32); v128.store(out, s3, 48);
}

/**
 * out[i, j] += Σ x[i, lane] d[j, lane] over exactly n lanes: two rows of x by four of d, eight sums in registers, d by blocks that stay in cache.
 *
 * The last vector's lanes beyond n are set to zero in both first: they are nobody's.
 *
 * @param out  T[width, columns]
 */
export function outer<T>(at: usize, n: i32, stride: usize): void {
  const height = load<i32>(at, WIDTH), columns = load<i32>(at, DETAIL), block = blockOf(stride);
  const x = <usize>load<u32>(at, A), d = <usize>load<u32>(at, B), out = <usize>load<u32>(at, OUT);
  clearRest<T>(height, n, x, stride);
  clearRest<T>(columns, n, d, stride);
  for (let j = 0; j < columns; j += block) {
    const from = <usize>j;
    outerBlock<T>(height, min(block, columns - j), n, x, d + from * stride, stride, out + from * sizeof<T>(), <usize>columns * sizeof<T>());
  }
}

function outerBlock<T>(height: i32, columns: i32, n: i32, x: usize, d: usize, stride: usize, out: usize, line: usize): void {
  const size = (<usize>n * sizeof<T>() + 15) & ~15;
  let i = 0;
  for (; i + 2 <= height; i += 2, x += 2 * stride, out += 2 * line) {
    let j = 0, row = d, to = out;
    for (; j + 4 <= columns; j += 4, row += 4 * stride, to += 4 * sizeof<T>()) twoByFour<T>(size, x, row, stride, to, line);
    for (; j < columns; ++j, row += stride, to += sizeof<T>()) {
      oneByOne<T>(size, x, row, to);
      oneByOne<T>(size, x + stride, row, to + line);
    }
  }
  if (i == height) return;
  for (let j = 0, row = d, to = out; j < columns; ++j, row += stride, to += sizeof<T>()) oneByOne<T>(size, x, row, to);
}

function clearRest<T>(rows: i32, n: i32, x: usize, stride: usize): void {
  const rest = (<usize>-n & (16 / sizeof<T>() - 1)) * sizeof<T>();
  if (rest == 0) return;
  for (x += <usize>n * sizeof<T>(); rows > 0; --rows, x += stride) memory.fill(x, 0, rest);
}

@inline
function twoByFour<T>(size: usize, x: usize, d: usize, stride: usize, out: usize, line: usize): void {
  let a0 = zero<T>(), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  const toX = stride, d1 = d + stride, d2 = d1 + stride, d3 = d2 + stride;
  for (let lane: usize = 0; lane < size; lane += 16) {
    const a = v128.load(x + lane), b = v128.load(x + lane + toX);
    let y = v128.load(d + lane);
    a0 = v128.add<T>(a0, v128.mul<T>(a, y)); b0 = v128.add<T>(b0, v128.mul<T>(b, y));
    y = v128.load(d1 + lane);
    a1 = v128.add<T>(a1, v128.mul<T>(a, y)); b1 = v128.add<T>(b1, v128.mul<T>(b, y));
    y = v128.load(d2 + lane);
    a2 = v128.add<T>(a2, v128.mul<T>(a, y)); b2 = v128.add<T>(b2, v128.mul<T>(b, y));
    y = v128.load(d3 + lane);
    a3 = v128.add<T>(a3, v128.mul<T>(a, y)); b3 = v128.add<T>(b3, v128.mul<T>(b, y));
  }
  addSums<T>(out, a0, a1, a2, a3);
  addSums<T>(out + line, b0, b1, b2, b3);
}

/** out[0 … 3] += the sums across four vectors. */
@inline
function addSums<T>(out: usize, a: v128, b: v128, c: v128, d: v128): void {
  if (sizeof<T>() == 4) {
    const ab = v128.add<T>(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
    const cd = v128.add<T>(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
    const s = v128.add<T>(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
    v128.store(out, v128.add<T>(v128.load(out), s));
  } else {
    const ab = v128.add<T>(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
    const cd = v128.add<T>(v128.shuffle<f64>(c, d, 0, 2), v128.shuffle<f64>(c, d, 1, 3));
    v128.store(out, v128.add<T>(v128.load(out), ab));
    v128.store(out, v128.add<T>(v128.load(out, 16), cd), 16);
  }
}

function oneByOne<T>(size: usize, x: usize, d: usize, out: usize): void {
  let s0 = zero<T>(), s1 = s0;
  let lane: usize = 0;
  for (; lane + 32 <= size; lane += 32) {
    s0 = v128.add<T>(s0, v128.mul<T>(v128.load(x + lane), v128.load(d + lane)));
    s1 = v128.add<T>(s1, v128.mul<T>(v128.load(x + lane, 16), v128.load(d + lane, 16)));
  }
  if (lane < size) s0 = v128.add<T>(s0, v128.mul<T>(v128.load(x + lane), v128.load(d + lane)));
  store<T>(out, load<T>(out) + sumOf<T>(v128.add<T>(s0, s1)));
}
