import { lanes, span } from "../lanes";
import { CHOSEN, choose, strideOf } from "../random/choices";
import { guide, worthGuiding } from "../random/guide";
import { CHUNK } from "../random/stream";
import { part, Part } from "./categorical";

/**
 * One-hot rows of the draws of `categorical` at the same key.
 *
 * @param theta  prepared by categorical's `prepare`
 * @param x      T[rows, categories], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, theta: usize, x: usize): void {
  const cumulative = part<T>(theta, Part.Cumulative, batch, categories);
  const guided = batch == 1 && worthGuiding(rows, categories);
  if (guided) guide<T>(categories, cumulative);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const count = min(left, CHUNK);
    choose<T>(low, high, site, chunk, count, batch, <i32>(<u64>chunk * CHUNK % batch), categories, cumulative, guided);
    memory.fill(x, 0, span<T>(count * categories));
    for (let r = 0; r < count; ++r, x += span<T>(categories)) store<T>(x + span<T>(load<i32>(CHOSEN + (<usize>r << 2))), <T>1);
  }
}

/**
 * logProb[r] = log p of the category whose entry is 1 while all others are 0; −∞ if there is none.
 *
 * @param x        T[rows, categories]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, batch: i32, categories: i32, theta: usize, x: usize, logProb: usize): void {
  for (let r = 0, b = 0; r < rows; ++r, x += span<T>(categories)) {
    const k = hot<T>(categories, x);
    store<T>(logProb + span<T>(r), k < 0 ? <T>-Infinity : load<T>(part<T>(theta, Part.LogProbs, batch, categories) + span<T>(b * strideOf(categories) + k)));
    if (++b == batch) b = 0;
  }
}

function hot<T>(categories: i32, x: usize): i32 {
  let found = -1;
  for (let k = 0; k < categories; ++k) {
    const value = load<T>(x + span<T>(k));
    if (value == 0) continue;
    if (value != 1 || found >= 0) return -1;
    found = k;
  }
  return found;
}

/**
 * terms[r, k] += coefficient[r] · (x[r, k] − pₖ), ∂/∂logits.
 *
 * @param x            T[rows, categories], one-hot
 * @param coefficient  T[rows]
 * @param terms        T[rows, categories], added to
 */
export function score<T>(rows: i32, batch: i32, categories: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, batch, categories);
  for (let r = 0, b = 0; r < rows; ++r) {
    const c = load<T>(coefficient + span<T>(r));
    const p = probs + span<T>(b * strideOf(categories));
    const each = v128.splat<T>(c);
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) {
      const at = span<T>(k);
      v128.store(terms + at, v128.add<T>(v128.load(terms + at), v128.mul<T>(each, v128.sub<T>(v128.load(x + at), v128.load(p + at)))));
    }
    for (; k < categories; ++k) {
      const at = span<T>(k);
      store<T>(terms + at, load<T>(terms + at) + c * (load<T>(x + at) - load<T>(p + at)));
    }
    x += span<T>(categories);
    terms += span<T>(categories);
    if (++b == batch) b = 0;
  }
}

/**
 * The one-hot rows of categories from … to − 1, each for every problem.
 *
 * @param x  T[to − from, batch, categories], written
 */
export function enumerate<T>(from: i32, to: i32, batch: i32, categories: i32, x: usize): void {
  memory.fill(x, 0, span<T>((to - from) * batch * categories));
  for (let k = from; k < to; ++k) {
    for (let b = 0; b < batch; ++b, x += span<T>(categories)) store<T>(x + span<T>(k), <T>1);
  }
}
