import { span } from "../lanes";

/**
 * baseline[s, b] = average[b] / weight[b], the exponential moving average of f without the pull of its start at 0
 * (Kingma & Ba 2014, section 3); 0 before the first update.
 *
 * @param stride    1 for an average a problem, 0 for one that all problems share
 * @param average   f64[batch or 1]
 * @param weight    f64[batch or 1]
 * @param baseline  T[samples, batch], written
 */
export function predict<T>(samples: i32, batch: i32, stride: i32, average: usize, weight: usize, baseline: usize): void {
  for (let b = 0; b < batch; ++b) {
    const at = span<f64>(b * stride);
    const known = load<f64>(weight + at);
    const value = known > 0 ? <T>(load<f64>(average + at) / known) : <T>0;
    for (let s = 0; s < samples; ++s) store<T>(baseline + span<T>(s * batch + b), value);
  }
}

/**
 * average ← decay · average + (1 − decay) · mean of f; weight ← decay · weight + (1 − decay).
 *
 * @param value    T[samples, batch]
 * @param average  f64[batch or 1], updated
 * @param weight   f64[batch or 1], updated
 */
export function update<T>(samples: i32, batch: i32, stride: i32, decay: f64, value: usize, average: usize, weight: usize): void {
  const groups = stride == 0 ? 1 : batch;
  const each = stride == 0 ? samples * batch : samples;
  for (let b = 0; b < groups; ++b) {
    let sum: f64 = 0;
    for (let i = 0; i < each; ++i) sum += <f64>load<T>(value + span<T>(stride == 0 ? i : i * batch + b));
    const at = span<f64>(b);
    store<f64>(average + at, decay * load<f64>(average + at) + (1 - decay) * (sum / <f64>each));
    store<f64>(weight + at, decay * load<f64>(weight + at) + (1 - decay));
  }
}
