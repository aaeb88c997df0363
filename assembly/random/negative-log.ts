import { minusLog } from "./minus-log";

/** −log of each number; of exponential ones it is standard Gumbel. */
export function negativeLog<T>(at: usize, end: usize): void {
  for (; at < end; at += 32) {
    const first = minusLog<T>(v128.load(at));
    const second = minusLog<T>(v128.load(at, 16));
    v128.store(at, first);
    v128.store(at, second, 16);
  }
}
