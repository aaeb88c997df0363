import { exp as expOf } from "./math/exp";
import { log as logOf } from "./math/log";

const enum Op { Exp, Log }

/**
 * out[i] = op(x[i]). The rest of a vector is computed from a padded copy, so that nothing beyond n is read or written.
 *
 * @param x    T[n]
 * @param out  T[n], written; may be x
 */
@inline
function map<T>(op: Op, n: i32, x: usize, out: usize): void {
  const lanes = 16 / sizeof<T>();
  const end = out + (<usize>(n & ~(lanes - 1)) * sizeof<T>());
  for (; out < end; x += 16, out += 16) v128.store(out, apply<T>(op, v128.load(x)));
  const rest = <usize>(n & (lanes - 1)) * sizeof<T>();
  if (rest == 0) return;
  memory.copy(REST, x, rest);
  v128.store(REST, apply<T>(op, v128.load(REST)));
  memory.copy(out, REST, rest);
}

@inline
function apply<T>(op: Op, x: v128): v128 {
  if (op == Op.Exp) return expOf<T>(x);
  return logOf<T>(x);
}

export function exp<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Exp, n, x, out); }
export function log<T>(n: i32, x: usize, out: usize): void { map<T>(Op.Log, n, x, out); }

const REST = memory.data(16, 16);
