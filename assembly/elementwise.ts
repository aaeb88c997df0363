import * as digammaOf from "./math/digamma";
import * as expOf from "./math/exp";
import * as expm1Of from "./math/expm1";
import * as lgammaOf from "./math/lgamma";
import * as logOf from "./math/log";
import * as log1pOf from "./math/log1p";
import * as quantileOf from "./math/normal-quantile";
import * as sigmoidOf from "./math/sigmoid";
import * as softplusOf from "./math/softplus";
import * as tanhOf from "./math/tanh";
import * as waveOf from "./math/trigonometric";

const enum Op { Exp, Log, Expm1, Log1p, Sin, Cos, Tanh, Sigmoid, Softplus, NormalQuantile, Lgamma, Digamma }

/**
 * out[i] = op(x[i]). What is left of a vector at the end goes through the same loop on a padded copy: nothing beyond n is read or written.
 *
 * @param x    T[n]
 * @param out  T[n], written; may be x
 */
@inline
function map<T>(op: Op, n: i32, x: usize, out: usize): void {
  const lanes = 16 / sizeof<T>();
  const rest = <usize>(n & (lanes - 1)) * sizeof<T>();
  const last = out + (<usize>(n & ~(lanes - 1)) * sizeof<T>());
  let end = last;
  while (true) {
    for (; out < end; x += 16, out += 16) v128.store(out, apply<T>(op, v128.load(x)));
    if (end != last || rest == 0) break;
    memory.copy(REST, x, rest);
    x = out = REST;
    end = REST + 16;
  }
  if (rest != 0) memory.copy(last, REST, rest);
}

@inline
function apply<T>(op: Op, x: v128): v128 {
  if (op == Op.Exp) return expOf.exp<T>(x);
  if (op == Op.Log) return logOf.log<T>(x);
  if (op == Op.Expm1) return expm1Of.expm1<T>(x);
  if (op == Op.Log1p) return log1pOf.log1p<T>(x);
  if (op == Op.Sin) return waveOf.sin<T>(x);
  if (op == Op.Cos) return waveOf.cos<T>(x);
  if (op == Op.Tanh) return tanhOf.tanh<T>(x);
  if (op == Op.Sigmoid) return sigmoidOf.sigmoid<T>(x);
  if (op == Op.Softplus) return softplusOf.softplus<T>(x);
  if (op == Op.NormalQuantile) return quantileOf.normalQuantile<T>(x);
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
export function lgamma<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Lgamma, n, x, out); }
export function digamma<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Digamma, n, x, out); }

const REST = memory.data(16, 16);
