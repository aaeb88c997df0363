import { span } from "../lanes";
import { accumulate } from "../statistics";

/**
 * f − slope · (h − its centre), with the slope of each sample regressed on all the others, so that it is independent of
 * the sample it serves and costs no bias:
 *
 *   slope[i] = Σ_{j ≠ i} (f[j] − f̄)(h[j] − h̄) / Σ_{j ≠ i} (h[j] − h̄)²   (means over j ≠ i; 0 where h does not vary)
 *   coefficient[i] ← coefficient[i] − slope[i] · (h[i] − centre[i])
 *   total[i] = f[i] − slope[i] · (h[i] − mean)
 *
 * @param value        T[samples, batch], f
 * @param control      T[samples, batch], h
 * @param centre       T[samples, batch]: what h is compared with in the gradient
 * @param mean         T[batch]: E[h]
 * @param moments      T[4 · batch], scratch
 * @param coefficient  T[samples, batch], updated
 * @param slope        T[samples, batch], written
 * @param total        T[samples, batch], written
 */
export function apply<T>(
  samples: i32, batch: i32, value: usize, control: usize, centre: usize, mean: usize, moments: usize,
  coefficient: usize, slope: usize, total: usize,
): void {
  const f = moments, h = moments + span<T>(2 * batch);
  accumulate<T>(samples, batch, 0, value, f, f + span<T>(batch));
  accumulate<T>(samples, batch, 0, control, h, h + span<T>(batch));
  // Below this share of all the spread, what is left of it is rounding.
  const least: T = sizeof<T>() == 4 ? <T>1e-6 : <T>1e-13;
  const left: T = <T>samples / <T>(samples - 1);
  for (let b = 0; b < batch; ++b) {
    const at = span<T>(b);
    const meanF = load<T>(f + at), meanH = load<T>(h + at), spread = load<T>(h + span<T>(batch) + at);
    let product: T = 0;
    for (let s = 0; s < samples; ++s) {
      const i = span<T>(s * batch + b);
      product += (load<T>(value + i) - meanF) * (load<T>(control + i) - meanH);
    }
    for (let s = 0; s < samples; ++s) {
      const i = span<T>(s * batch + b);
      const own = load<T>(control + i) - meanH;
      const others: T = spread - own * own * left;
      const a: T = others > spread * least ? (product - (load<T>(value + i) - meanF) * own * left) / others : 0;
      store<T>(slope + i, a);
      store<T>(coefficient + i, load<T>(coefficient + i) - a * (load<T>(control + i) - load<T>(centre + i)));
      store<T>(total + i, load<T>(value + i) - a * (load<T>(control + i) - load<T>(mean + at)));
    }
  }
}

/**
 * terms[s, b, j] += slope[s, b] · gradient[b, j]: the known gradient of E[h], given back.
 *
 * @param slope     T[samples, batch]
 * @param gradient  T[batch, width]
 * @param terms     T[samples, batch, width], added to
 */
export function giveBack<T>(samples: i32, batch: i32, width: i32, slope: usize, gradient: usize, terms: usize): void {
  for (let row = 0; row < samples * batch; ++row) {
    const a = load<T>(slope + span<T>(row));
    const known = gradient + span<T>((row % batch) * width);
    const out = terms + span<T>(row * width);
    for (let j = 0; j < width; ++j) {
      const at = span<T>(j);
      store<T>(out + at, load<T>(out + at) + a * load<T>(known + at));
    }
  }
}

/** out[s, b] = row[b], for a centre that all samples share. `row` is T[batch]; `out` T[samples, batch], written. */
export function spreadOut<T>(samples: i32, batch: i32, row: usize, out: usize): void {
  for (let s = 0; s < samples; ++s) memory.copy(out + span<T>(s * batch), row, span<T>(batch));
}
