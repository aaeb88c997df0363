import * as rowOf from "../math/vectors";
import { A, B, C, DETAIL, Op, OUT, SPLATS, STEP_A, STEP_B, STEP_C, WIDTH } from "./opcodes";

/** Bytes of a row of n numbers, in whole cache lines. */
@inline
export function extent<T>(n: i32): usize {
  return (<usize>n * sizeof<T>() + 63) & ~63;
}

// A number repeated over a cache line, one for each operand: read with a step of 0 it is as good as a row.
const REPEATED = memory.data(192, 64);
const ONE32 = memory.data<f32>([1, 0]);
const ONE64 = memory.data<f64>([1, 0]);

@inline
export function one<T>(): v128 { return v128.load_splat<T>(sizeof<T>() == 4 ? ONE32 : ONE64); }

@inline
export function zero<T>(): v128 { return v128.load_splat<T>((sizeof<T>() == 4 ? ONE32 : ONE64) + sizeof<T>()); }

/** Where to read operand number `which`: the row itself, or its one number repeated. */
@inline
function readable<T>(from: usize, splats: i32, which: i32): usize {
  if (!(splats & (1 << which))) return from;
  const to = REPEATED + (<usize>which << 6);
  const x = v128.load_splat<T>(from);
  v128.store(to, x); v128.store(to, x, 16); v128.store(to, x, 32); v128.store(to, x, 48);
  return to;
}

@inline
function stepOf(splats: i32, which: i32): usize {
  return splats & (1 << which) ? 0 : 64;
}

/** out[j] = a[j]: a row, a row for all j (a step of 0), or one number for each j or for all. */
export function copy<T>(at: usize, n: i32, stride: usize): void {
  const splats = load<i32>(at, SPLATS), size = extent<T>(n), stepA = <usize>load<u32>(at, STEP_A);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA) {
    if (splats & 1) {
      const x = v128.load_splat<T>(a);
      for (let to = out, end = out + size; to < end; to += 64) {
        v128.store(to, x); v128.store(to, x, 16); v128.store(to, x, 32); v128.store(to, x, 48);
      }
    } else memory.copy(out, a, size);
  }
}

/** out[j] = a[j] + b[j] with one number b[j] for all lanes. */
export function addSplat<T>(at: usize, n: i32, stride: usize): void { withSplat<T>(Op.add, at, n, stride); }

/** out[j] = a[j] · b[j] with one number b[j] for all lanes. */
export function mulSplat<T>(at: usize, n: i32, stride: usize): void { withSplat<T>(Op.mul, at, n, stride); }

@inline
function withSplat<T>(op: Op, at: usize, n: i32, stride: usize): void {
  const size = extent<T>(n), stepA = <usize>load<u32>(at, STEP_A), stepB = <usize>load<u32>(at, STEP_B);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A), b = <usize>load<u32>(at, B);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA, b += stepB) {
    const y = v128.load_splat<T>(b);
    for (let to = out, from = a, end = out + size; to < end; to += 64, from += 64) {
      const x0 = combined<T>(op, v128.load(from), y), x1 = combined<T>(op, v128.load(from, 16), y);
      const x2 = combined<T>(op, v128.load(from, 32), y), x3 = combined<T>(op, v128.load(from, 48), y);
      v128.store(to, x0); v128.store(to, x1, 16); v128.store(to, x2, 32); v128.store(to, x3, 48);
    }
  }
}

/** out = op(a, b) of single numbers: nothing beside them is written. */
export function scalar<T>(at: usize): void {
  const a = load<T>(<usize>load<u32>(at, A)), b = load<T>(<usize>load<u32>(at, B)), out = <usize>load<u32>(at, OUT);
  switch (<Op>load<i32>(at, DETAIL)) {
    case Op.add: store<T>(out, a + b); break;
    case Op.sub: store<T>(out, a - b); break;
    case Op.mul: store<T>(out, a * b); break;
    default: store<T>(out, a / b);
  }
}

/** out[j] = op(a[j], b[j]); out may be a or b. */
export function binary<T>(op: Op, at: usize, n: i32, stride: usize): void {
  const splats = load<i32>(at, SPLATS), size = extent<T>(n);
  const stepA = <usize>load<u32>(at, STEP_A), stepB = <usize>load<u32>(at, STEP_B);
  const alongA = stepOf(splats, 0), alongB = stepOf(splats, 1);
  let out = <usize>load<u32>(at, OUT), rowA = <usize>load<u32>(at, A), rowB = <usize>load<u32>(at, B);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, rowA += stepA, rowB += stepB) {
    const a = readable<T>(rowA, splats, 0), b = readable<T>(rowB, splats, 1), end = out + size;
    switch (op) {
      case Op.add: add<T>(a, alongA, b, alongB, out, end); break;
      case Op.sub: sub<T>(a, alongA, b, alongB, out, end); break;
      case Op.mul: mul<T>(a, alongA, b, alongB, out, end); break;
      case Op.div: div<T>(a, alongA, b, alongB, out, end); break;
      case Op.maximum: maximum<T>(a, alongA, b, alongB, out, end); break;
      case Op.minimum: minimum<T>(a, alongA, b, alongB, out, end); break;
      case Op.lt: lt<T>(a, alongA, b, alongB, out, end); break;
      case Op.le: le<T>(a, alongA, b, alongB, out, end); break;
      case Op.eq: eq<T>(a, alongA, b, alongB, out, end); break;
      case Op.tanhPull: tanhPull<T>(a, alongA, b, alongB, out, end); break;
      default: sigmoidPull<T>(a, alongA, b, alongB, out, end);
    }
  }
}

// A function each: as one loop around a switch they would be folded into one with the switch inside.
function add<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.add, a, alongA, b, alongB, to, end); }
function sub<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.sub, a, alongA, b, alongB, to, end); }
function mul<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.mul, a, alongA, b, alongB, to, end); }
function div<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.div, a, alongA, b, alongB, to, end); }
function maximum<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.maximum, a, alongA, b, alongB, to, end); }
function minimum<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.minimum, a, alongA, b, alongB, to, end); }
function lt<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.lt, a, alongA, b, alongB, to, end); }
function le<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.le, a, alongA, b, alongB, to, end); }
function eq<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.eq, a, alongA, b, alongB, to, end); }
function tanhPull<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.tanhPull, a, alongA, b, alongB, to, end); }
function sigmoidPull<T>(a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void { along<T>(Op.sigmoidPull, a, alongA, b, alongB, to, end); }

@inline
function along<T>(op: Op, a: usize, alongA: usize, b: usize, alongB: usize, to: usize, end: usize): void {
  for (; to < end; to += 64, a += alongA, b += alongB) {
    const x0 = combined<T>(op, v128.load(a), v128.load(b)), x1 = combined<T>(op, v128.load(a, 16), v128.load(b, 16));
    const x2 = combined<T>(op, v128.load(a, 32), v128.load(b, 32)), x3 = combined<T>(op, v128.load(a, 48), v128.load(b, 48));
    v128.store(to, x0); v128.store(to, x1, 16); v128.store(to, x2, 32); v128.store(to, x3, 48);
  }
}

@inline
function combined<T>(op: Op, a: v128, b: v128): v128 {
  if (op == Op.add) return v128.add<T>(a, b);
  if (op == Op.sub) return v128.sub<T>(a, b);
  if (op == Op.mul) return v128.mul<T>(a, b);
  if (op == Op.div) return v128.div<T>(a, b);
  if (op == Op.maximum) return v128.max<T>(a, b);
  if (op == Op.minimum) return v128.min<T>(a, b);
  if (op == Op.lt) return v128.and(v128.lt<T>(a, b), one<T>());
  if (op == Op.le) return v128.and(v128.le<T>(a, b), one<T>());
  if (op == Op.eq) return v128.and(v128.eq<T>(a, b), one<T>());
  if (op == Op.tanhPull) return v128.mul<T>(a, v128.sub<T>(one<T>(), v128.mul<T>(b, b)));
  return v128.mul<T>(a, v128.mul<T>(b, v128.sub<T>(one<T>(), b)));
}

/** out[j] = b[j] where a[j] is not 0, else c[j]; out may be any of them. */
export function select<T>(at: usize, n: i32, stride: usize): void {
  const splats = load<i32>(at, SPLATS), size = extent<T>(n), nothing = zero<T>();
  const stepA = <usize>load<u32>(at, STEP_A), stepB = <usize>load<u32>(at, STEP_B), stepC = <usize>load<u32>(at, STEP_C);
  const alongA = stepOf(splats, 0) >> 2, alongB = stepOf(splats, 1) >> 2, alongC = stepOf(splats, 2) >> 2;
  let out = <usize>load<u32>(at, OUT), rowA = <usize>load<u32>(at, A), rowB = <usize>load<u32>(at, B), rowC = <usize>load<u32>(at, C);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, rowA += stepA, rowB += stepB, rowC += stepC) {
    let a = readable<T>(rowA, splats, 0), b = readable<T>(rowB, splats, 1), c = readable<T>(rowC, splats, 2);
    for (let to = out, end = out + size; to < end; to += 16, a += alongA, b += alongB, c += alongC) {
      v128.store(to, v128.bitselect(v128.load(b), v128.load(c), v128.ne<T>(v128.load(a), nothing)));
    }
  }
}

/** out[j] = op(a[j]); out may be a. */
export function unary<T>(op: Op, at: usize, n: i32, stride: usize): void {
  const size = extent<T>(n), stepA = <usize>load<u32>(at, STEP_A);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA) {
    const end = out + size;
    switch (op) {
      case Op.neg: neg<T>(a, out, end); break;
      case Op.square: square<T>(a, out, end); break;
      case Op.sqrt: sqrt<T>(a, out, end); break;
      case Op.reciprocal: reciprocal<T>(a, out, end); break;
      case Op.abs: abs<T>(a, out, end); break;
      case Op.sign: sign<T>(a, out, end); break;
      default: relu<T>(a, out, end);
    }
  }
}

function neg<T>(a: usize, to: usize, end: usize): void { each<T>(Op.neg, a, to, end); }
function square<T>(a: usize, to: usize, end: usize): void { each<T>(Op.square, a, to, end); }
function sqrt<T>(a: usize, to: usize, end: usize): void { each<T>(Op.sqrt, a, to, end); }
function reciprocal<T>(a: usize, to: usize, end: usize): void { each<T>(Op.reciprocal, a, to, end); }
function abs<T>(a: usize, to: usize, end: usize): void { each<T>(Op.abs, a, to, end); }
function sign<T>(a: usize, to: usize, end: usize): void { each<T>(Op.sign, a, to, end); }
function relu<T>(a: usize, to: usize, end: usize): void { each<T>(Op.relu, a, to, end); }

@inline
function each<T>(op: Op, from: usize, to: usize, end: usize): void {
  for (; to < end; to += 64, from += 64) {
    const x0 = simple<T>(op, v128.load(from)), x1 = simple<T>(op, v128.load(from, 16));
    const x2 = simple<T>(op, v128.load(from, 32)), x3 = simple<T>(op, v128.load(from, 48));
    v128.store(to, x0); v128.store(to, x1, 16); v128.store(to, x2, 32); v128.store(to, x3, 48);
  }
}

@inline
function simple<T>(op: Op, x: v128): v128 {
  if (op == Op.neg) return v128.neg<T>(x);
  if (op == Op.square) return v128.mul<T>(x, x);
  if (op == Op.sqrt) return v128.sqrt<T>(x);
  if (op == Op.reciprocal) return v128.div<T>(one<T>(), x);
  if (op == Op.abs) return v128.abs<T>(x);
  if (op == Op.relu) return v128.max<T>(x, zero<T>());
  const above = v128.and(v128.gt<T>(x, zero<T>()), one<T>());
  return v128.sub<T>(above, v128.and(v128.lt<T>(x, zero<T>()), one<T>()));
}

/** The same for functions of many operations, a row at a time. */
export function transcendental<T>(op: Op, at: usize, n: i32, stride: usize): void {
  const stepA = <usize>load<u32>(at, STEP_A);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA) {
    switch (op) {
      case Op.exp: rowOf.exp<T>(n, a, out); break;
      case Op.log: rowOf.log<T>(n, a, out); break;
      case Op.log1p: rowOf.log1p<T>(n, a, out); break;
      case Op.expm1: rowOf.expm1<T>(n, a, out); break;
      case Op.sin: rowOf.wave<T>(n, a, out, 0); break;
      case Op.cos: rowOf.wave<T>(n, a, out, 1); break;
      case Op.sigmoid: rowOf.sigmoid<T>(n, a, out); break;
      case Op.softplus: rowOf.softplus<T>(n, a, out); break;
      default: rowOf.tanh<T>(n, a, out);
    }
  }
}
