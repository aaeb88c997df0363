import { expBelowOne } from "./exp";
import { largest, restOf, restVector, total } from "./rows";

/** maxⱼ x[j]; NaN entries may be passed over. */
@inline
export function rowMaximum<T>(width: i32, x: usize): T {
  const rest = restOf<T>(width), whole = x + <usize>(width - rest) * sizeof<T>();
  let most = v128.splat<T>(<T>-Infinity);
  for (; x < whole; x += 16) most = v128.pmax<T>(most, v128.load(x));
  if (rest != 0) most = v128.pmax<T>(most, restVector<T>(width, rest, whole + <usize>rest * sizeof<T>(), v128.splat<T>(<T>-Infinity)));
  return largest<T>(most);
}

/** Σⱼ exp(x[j] − maximum), maximum finite. Terms below the normal numbers count as the least of them, beside the term that is 1. */
@inline
export function rowSum<T>(width: i32, x: usize, maximum: T): T {
  const rest = restOf<T>(width), whole = x + <usize>(width - rest) * sizeof<T>();
  const shift = v128.splat<T>(maximum);
  let sum = v128.splat<T>(<T>0);
  for (; x < whole; x += 16) sum = v128.add<T>(sum, expBelowOne<T>(v128.sub<T>(v128.load(x), shift)));
  if (rest != 0) {
    const last = restVector<T>(width, rest, whole + <usize>rest * sizeof<T>(), v128.splat<T>(<T>-Infinity));
    sum = v128.add<T>(sum, expBelowOne<T>(v128.sub<T>(last, shift)));
  }
  return total<T>(sum);
}

/** What ln Σ exp is of a row whose maximum is ±∞: NaN if there is one, else the maximum. */
export function infiniteRow<T>(width: i32, x: usize, maximum: T): T {
  for (let j = 0; j < width; ++j) {
    const entry = load<T>(x + <usize>j * sizeof<T>());
    if (entry != entry) return entry;
  }
  return maximum;
}
