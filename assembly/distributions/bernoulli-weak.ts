import { numberAt, setAt } from "../memory";
import { CHUNK } from "../random/stream";
import { Part } from "./bernoulli";

/**
 * The weak derivative of a flip: ∂p/∂logits = p (1 − p) (1[x = 1] − 1[x = 0]). Nothing is drawn.
 *
 * @param entry       j, of logits[j]
 * @param theta       as bernoulliPrepare writes it
 * @param x           T[rows, dim]
 * @param plus,minus  T[rows, dim], written: x, but for coordinate j
 * @param constant    T[rows], written
 */
export function draw<T>(chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, entry: i32, x: usize, plus: usize, minus: usize, constant: usize): void {
  drawOf(sizeof<T>(), chunk, rows, dim, tile, theta, entry, x, plus, minus, constant);
}

function drawOf(size: i32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, entry: i32, x: usize, plus: usize, minus: usize, constant: usize): void {
  const all = <usize>rows * <usize>(dim * size);
  memory.copy(plus, x, all);
  memory.copy(minus, x, all);
  let t = <i32>(<u64>chunk * CHUNK * dim % tile);
  for (let r = 0; r < rows; ++r) {
    const c = numberAt(size, theta, <i32>Part.Probs * tile + t + entry) * numberAt(size, theta, <i32>Part.Missing * tile + t + entry);
    setAt(size, constant, r, c);
    if (c > 0) {
      setAt(size, plus, r * dim + entry, 1);
      setAt(size, minus, r * dim + entry, 0);
    }
    t += dim;
    if (t == tile) t = 0;
  }
}
