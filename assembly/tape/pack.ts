import { A, DETAIL, EXTERNAL, OUT, WIDTH } from "./opcodes";

@inline
function external(at: usize, externals: usize): usize {
  return <usize>load<u32>(externals + (<usize>load<i32>(at, EXTERNAL) << 2));
}

/** out[j, lane] = x[(first + lane) mod period, j]; a period of 0 is none. */
export function pack<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const width = load<i32>(at, WIDTH), period = load<i32>(at, DETAIL);
  const x = external(at, externals), out = <usize>load<u32>(at, OUT);
  const line = <usize>width * sizeof<T>();
  if (period == 0) {
    packRows<T>(n, width, x + <usize>first * line, out, stride);
    return;
  }
  let row = first % period;
  for (let lane = 0; lane < n;) {
    const stretch = min(period - row, n - lane);
    packRows<T>(stretch, width, x + <usize>row * line, out + <usize>lane * sizeof<T>(), stride);
    lane += stretch;
    row = 0;
  }
}

/** out[first + lane, j] = a[j, lane] */
export function unpack<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const width = load<i32>(at, WIDTH);
  const out = external(at, externals) + <usize>first * <usize>width * sizeof<T>();
  unpackRows<T>(n, width, <usize>load<u32>(at, A), stride, out);
}

/** out[k] += a[k] for exactly n numbers; out is in the pool, or `DETAIL` bytes into an array outside. */
export function accumulate<T>(at: usize, n: i32, externals: usize): void {
  let a = <usize>load<u32>(at, A);
  let out = load<i32>(at, EXTERNAL) < 0 ? <usize>load<u32>(at, OUT) : external(at, externals) + <usize>load<u32>(at, DETAIL);
  const end = out + <usize>n * sizeof<T>(), whole = out + ((<usize>n * sizeof<T>()) & ~15);
  for (; out < whole; out += 16, a += 16) v128.store(out, v128.add<T>(v128.load(out), v128.load(a)));
  for (; out < end; out += sizeof<T>(), a += sizeof<T>()) store<T>(out, load<T>(out) + load<T>(a));
}

/**
 * Transposes squares of one vector by one vector; what is left at the edges goes one by one.
 *
 * @param x    T[n, width]
 * @param out  rows of n numbers `stride` bytes apart, written
 */
function packRows<T>(n: i32, width: i32, x: usize, out: usize, stride: usize): void {
  if (width == 1) {
    memory.copy(out, x, <usize>n * sizeof<T>());
    return;
  }
  const side = <i32>(16 / sizeof<T>()), line = <usize>width * sizeof<T>();
  const lanes = n & ~(side - 1), columns = width & ~(side - 1);
  for (let lane = 0; lane < lanes; lane += side) {
    const from = x + <usize>lane * line, to = out + <usize>lane * sizeof<T>();
    for (let j = 0; j < columns; j += side) transpose<T>(from + <usize>j * sizeof<T>(), line, to + <usize>j * stride, stride);
    move<T>(side, columns, width, from, line, sizeof<T>(), to, sizeof<T>(), stride);
  }
  move<T>(n - lanes, 0, width, x + <usize>lanes * line, line, sizeof<T>(), out + <usize>lanes * sizeof<T>(), sizeof<T>(), stride);
}

/** The way back: out is T[n, width], written. */
function unpackRows<T>(n: i32, width: i32, x: usize, stride: usize, out: usize): void {
  if (width == 1) {
    memory.copy(out, x, <usize>n * sizeof<T>());
    return;
  }
  const side = <i32>(16 / sizeof<T>()), line = <usize>width * sizeof<T>();
  const lanes = n & ~(side - 1), columns = width & ~(side - 1);
  for (let lane = 0; lane < lanes; lane += side) {
    const from = x + <usize>lane * sizeof<T>(), to = out + <usize>lane * line;
    for (let j = 0; j < columns; j += side) transpose<T>(from + <usize>j * stride, stride, to + <usize>j * sizeof<T>(), line);
    move<T>(side, columns, width, from, sizeof<T>(), stride, to, line, sizeof<T>());
  }
  move<T>(n - lanes, 0, width, x + <usize>lanes * sizeof<T>(), sizeof<T>(), stride, out + <usize>lanes * line, line, sizeof<T>());
}

/** to[lane, j] = from[lane, j] for the columns from j0 on, each array with its own distances. */
function move<T>(lanes: i32, j0: i32, width: i32, from: usize, fromLane: usize, fromColumn: usize, to: usize, toLane: usize, toColumn: usize): void {
  for (let lane = 0; lane < lanes; ++lane, from += fromLane, to += toLane) {
    for (let j = j0; j < width; ++j) store<T>(to + <usize>j * toColumn, load<T>(from + <usize>j * fromColumn));
  }
}

@inline
function transpose<T>(from: usize, line: usize, to: usize, step: usize): void {
  if (sizeof<T>() == 4) {
    const a = v128.load(from), b = v128.load(from + line), c = v128.load(from + 2 * line), d = v128.load(from + 3 * line);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
    v128.store(to + step, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
    v128.store(to + 2 * step, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
    v128.store(to + 3 * step, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
  } else {
    const a = v128.load(from), b = v128.load(from + line);
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(a, b, 1, 3));
  }
}
