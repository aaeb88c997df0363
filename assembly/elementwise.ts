import * as digammaOf from "./math/digamma";
import * as lgammaOf from "./math/lgamma";
import * as gapOf from "./math/normal-gap";
import * as quantileOf from "./math/normal-quantile";
import * as vectors from "./math/vectors";

const enum Op { Exp, Log, Expm1, Log1p, Sin, Cos, Tanh, Sigmoid, Softplus, NormalQuantile, NormalGap, Lgamma, Digamma }

/**
 * out[i] = op(x[i]). What is left of a vector at the end goes the same way on a copy: nothing beyond n is read or written.
 *
 * @param x    T[n]
 * @param out  T[n], written; may be x
 */
@inline
function map<T>(op: Op, n: i32, x: usize, out: usize): void {
  const rest = n & (16 / <i32>sizeof<T>() - 1), whole = <usize>(n - rest) * sizeof<T>();
  apply<T>(op, n - rest, x, out);
  memory.copy(REST, x + whole, <usize>rest * sizeof<T>());
  apply<T>(op, rest, REST, REST);
  memory.copy(out + whole, REST, <usize>rest * sizeof<T>());
}

@inline
function apply<T>(op: Op, n: i32, x: usize, out: usize): void {
  if (op == Op.Exp) vectors.exp<T>(n, x, out);
  else if (op == Op.Log) vectors.log<T>(n, x, out);
  else if (op == Op.Expm1) vectors.expm1<T>(n, x, out);
  else if (op == Op.Log1p) vectors.log1p<T>(n, x, out);
  else if (op == Op.Sin) vectors.wave<T>(n, x, out, 0);
  else if (op == Op.Cos) vectors.wave<T>(n, x, out, 1);
  else if (op == Op.Tanh) vectors.tanh<T>(n, x, out);
  else if (op == Op.Sigmoid) vectors.sigmoid<T>(n, x, out);
  else if (op == Op.Softplus) vectors.softplus<T>(n, x, out);
  else for (const end = out + <usize>n * sizeof<T>(); out < end; x += 16, out += 16) v128.store(out, rare<T>(op, v128.load(x)));
}

@inline
function rare<T>(op: Op, x: v128): v128 {
  if (op == Op.NormalQuantile) return quantileOf.normalQuantile<T>(x);
  if (op == Op.NormalGap) return gapOf.normalGap<T>(x);
  if (op == Op.Lgamma) return lgammaOf.lgamma<T>(x);
  return digammaOf.digamma<T>(x);
}

export function exp<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Exp, n, x, out); }
export function log<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Log, n, x, out); }
export function expm1<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Expm1, n, x, out); }
export function log1p<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Log1p, n, x, out); }
export function sin<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Sin, n, x, out); }
export function cos<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Cos, n, x, out); }
export function tanh<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Tanh, n, x, out); }
export function sigmoid<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Sigmoid, n, x, out); }
export function softplus<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Softplus, n, x, out); }
export function normalQuantile<T>(n: i32, x: usize, out: usize): void { map<T>(Op.NormalQuantile, n, x, out); }
export function normalGap<T>(n: i32, x: usize, out: usize): void { map<T>(Op.NormalGap, n, x, out); }
export function lgamma<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Lgamma, n, x, out); }
export function digamma<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Digamma, n, x, out); }

const REST = memory.data(16, 16);
