import { span } from "../lanes";
import { accumulate } from "../statistics";

/**
 * baseline[i] = 1/(n − 1) · Σ_{j ≠ i} value[j] = mean + (mean − value[i]) / (n − 1), for each problem.
 *
 * Kool, van Hoof & Welling 2019, "Buy 4 REINFORCE samples, get a baseline for free!".
 *
 * @param value     T[samples, batch], samples >= 2
 * @param means     T[2 · batch], scratch
 * @param baseline  T[samples, batch], written
 */
export function predict<T>(samples: i32, batch: i32, value: usize, means: usize, baseline: usize): void {
  accumulate<T>(samples, batch, 0, value, means, means + span<T>(batch));
  const others: T = (<T>1) / <T>(samples - 1);
  for (let s = 0; s < samples; ++s) {
    for (let b = 0; b < batch; ++b) {
      const at = span<T>(s * batch + b);
      const mean = load<T>(means + span<T>(b));
      store<T>(baseline + at, mean + (mean - load<T>(value + at)) * others);
    }
  }
}
