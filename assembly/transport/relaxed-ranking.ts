import { span } from "../lanes";
import { PAGE } from "../pages";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";

/**
 * Rankings as permutations: z[k, i] = ρₖ (logitᵢ + Gumbel noise) of place k and item i, ρ falling evenly from 1 to −1. Of all matchings the one in falling order has
 * the greatest sum (Hardy, Littlewood & Pólya 1934), so items fall into the order of the Plackett–Luce law (Yellott 1977), and the entropic plan of
 * z is a soft sort (Cuturi, Teboul & Vert 2019).
 */
@inline
export function weight(k: i32, n: i32): f64 {
  return n > 1 ? 1 - <f64>(2 * k) / <f64>(n - 1) : 1;
}

/** z, T[rows, n, n], written; `logits` is T[batch, n]. */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, n: i32, logits: usize, z: usize): void {
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const count = min(left, CHUNK), first = <i32>(<u64>chunk * CHUNK % batch);
    begin(low, high, site, chunk, NOISE);
    for (let from = 0; from < count * n; from += PAGE) standard<T>(Noise.Gumbel, min(count * n - from, PAGE), NOISE, z + span<T>(from));
    // The noise of all rows lies where the first of them go: from the last on, none is overwritten that is still to be read.
    for (let r = count - 1; r >= 0; --r) expand<T>(n, logits + span<T>((first + r) % batch * n), z + span<T>(r * n), z + span<T>(r * n * n));
    z += span<T>(count * n * n);
  }
}

function expand<T>(n: i32, logits: usize, noise: usize, out: usize): void {
  for (let i = 0; i < n; ++i) store<T>(noise + span<T>(i), load<T>(noise + span<T>(i)) + load<T>(logits + span<T>(i)));
  for (let k = n - 1; k >= 0; --k) {
    const by = <T>weight(k, n);
    for (let i = 0; i < n; ++i) store<T>(out + span<T>(k * n + i), by * load<T>(noise + span<T>(i)));
  }
}

/** terms[r, i] += Σₖ ρₖ cotangent[r, k, i]; T[rows, n] and T[rows, n, n]. */
export function pull<T>(rows: i32, n: i32, cotangent: usize, terms: usize): void {
  for (; rows > 0; --rows, terms += span<T>(n)) {
    for (let k = 0; k < n; ++k, cotangent += span<T>(n)) {
      const by = <T>weight(k, n);
      for (let i = 0; i < n; ++i) store<T>(terms + span<T>(i), load<T>(terms + span<T>(i)) + by * load<T>(cotangent + span<T>(i)));
    }
  }
}

/** out[r, k, i] = ρₖ tangent[r, i] */
export function push<T>(rows: i32, n: i32, tangent: usize, out: usize): void {
  for (; rows > 0; --rows, tangent += span<T>(n)) {
    for (let k = 0; k < n; ++k, out += span<T>(n)) {
      const by = <T>weight(k, n);
      for (let i = 0; i < n; ++i) store<T>(out + span<T>(i), by * load<T>(tangent + span<T>(i)));
    }
  }
}

const NOISE = memory.data(SOURCE, 16);
