import { span } from "../lanes";

/** Copies sign · scores, or their transpose, into rows of `width` numbers, filled up with +∞; whether all are finite. */
export function copyCosts<T>(height: i32, breadth: i32, width: i32, sign: f64, transposed: bool, scores: usize, costs: usize): bool {
  const across = span<T>(transposed ? height : 1), down = span<T>(transposed ? 1 : breadth);
  let finite = true, out = costs;
  for (let i = 0; i < height; ++i) {
    let from = scores + <usize>i * down;
    for (let j = 0; j < breadth; ++j, from += across, out += 8) {
      const cost = sign * <f64>load<T>(from);
      finite = finite && cost < Infinity;
      store<f64>(out, cost);
    }
    for (let j = breadth; j < width; ++j, out += 8) store<f64>(out, Infinity);
  }
  return finite;
}
