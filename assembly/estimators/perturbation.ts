import { lanes, span } from "../lanes";

/** x[i] ← 2 x[i] − 1: flips to signs. `x` is T[n], a field of its own. */
export function signs<T>(n: i32, x: usize): void {
  const one = v128.splat<T>(1);
  for (let i = 0; i < n; i += lanes<T>()) {
    const flip = v128.load(x + span<T>(i));
    v128.store(x + span<T>(i), v128.sub<T>(v128.add<T>(flip, flip), one));
  }
}

/**
 * moved[r, j] = params[r mod batch, j] + factor · direction[r, j]: one parameter of as many problems as there are rows.
 *
 * @param stride     numbers of one direction, over all parameters
 * @param params     T[batch, width]
 * @param direction  T[rows, stride], from this parameter's first number on
 * @param moved      T[rows, width], written
 */
export function move<T>(rows: i32, batch: i32, width: i32, stride: i32, factor: f64, params: usize, direction: usize, moved: usize): void {
  const by = v128.splat<T>(<T>factor);
  for (let r = 0, b = 0; r < rows; ++r) {
    const own = params + span<T>(b * width);
    let j = 0;
    for (; j <= width - lanes<T>(); j += lanes<T>()) {
      const at = span<T>(j);
      v128.store(moved + at, v128.add<T>(v128.load(own + at), v128.mul<T>(by, v128.load(direction + at))));
    }
    for (; j < width; ++j) store<T>(moved + span<T>(j), load<T>(own + span<T>(j)) + <T>factor * load<T>(direction + span<T>(j)));
    direction += span<T>(stride);
    moved += span<T>(width);
    if (++b == batch) b = 0;
  }
}

/**
 * terms[r, j] += coefficient[r] · direction[r, j], of one parameter.
 *
 * @param stride       numbers of one direction, over all parameters
 * @param direction    T[rows, stride], from this parameter's first number on
 * @param coefficient  T[rows]
 * @param terms        T[rows, width], added to
 */
export function terms<T>(rows: i32, width: i32, stride: i32, direction: usize, coefficient: usize, terms: usize): void {
  for (let r = 0; r < rows; ++r) {
    const c = load<T>(coefficient + span<T>(r)), each = v128.splat<T>(c);
    let j = 0;
    for (; j <= width - lanes<T>(); j += lanes<T>()) {
      const at = span<T>(j);
      v128.store(terms + at, v128.add<T>(v128.load(terms + at), v128.mul<T>(each, v128.load(direction + at))));
    }
    for (; j < width; ++j) store<T>(terms + span<T>(j), load<T>(terms + span<T>(j)) + c * load<T>(direction + span<T>(j)));
    direction += span<T>(stride);
    terms += span<T>(width);
  }
}
