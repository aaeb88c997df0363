import { span } from "../lanes";
import { numberAt, setAt } from "../memory";

/**
 * f − Σₖ aₖ (hₖ − its centre), the coefficients of each sample regressed on all the others, so that they are independent of the
 * sample they serve and cost no bias:
 *
 *   a[i] = C₋ᵢ⁻¹ d₋ᵢ,  C₋ᵢ = Σ_{j ≠ i} (h[j] − h̄)(h[j] − h̄)ᵀ,  d₋ᵢ = Σ_{j ≠ i} (h[j] − h̄)(f[j] − f̄)   (means over j ≠ i)
 *   coefficient[i] ← coefficient[i] − Σ a[i, k] · (h[i, k] − centre[i, k])
 *   total[i] = f[i] − Σ a[i, k] · (h[i, k] − mean[k])
 *
 * C₋ᵢ is C less one outer product. Its diagonal has a ridge in its own proportion, which keeps controls that are alike from parting; one
 * that does not vary gets 0.
 *
 * @param controls     K
 * @param value        T[samples, batch], f
 * @param control      T[K, samples, batch], h
 * @param centre       T[K, samples, batch]: what h is compared with in the gradient
 * @param mean         T[K, batch]: E[h]
 * @param scratch      f64[2 K² + 4 K]
 * @param coefficient  T[samples, batch], updated
 * @param slope        T[K, samples, batch], written
 * @param total        T[samples, batch], written
 */
export function apply<T>(
  controls: i32, samples: i32, batch: i32, value: usize, control: usize, centre: usize, mean: usize, scratch: usize,
  coefficient: usize, slope: usize, total: usize,
): void {
  for (let b = 0; b < batch; ++b) applyOf(sizeof<T>(), controls, samples, batch, b, value, control, centre, mean, scratch, coefficient, slope, total);
}

/** One problem. Of scratch: the means of h, C, the matrix that is solved, d and its solution, the sample's own deviations. */
function applyOf(
  size: i32, controls: i32, samples: i32, batch: i32, b: i32, value: usize, control: usize, centre: usize, mean: usize, scratch: usize,
  coefficient: usize, slope: usize, total: usize,
): void {
  const rows = samples * batch, square = <usize>(controls * controls) << 3, line = <usize>controls << 3;
  const means = scratch, all = means + line, matrix = all + square, products = matrix + square, solution = products + line, own = solution + line;
  const meanF = average(size, samples, batch, b, value);
  for (let k = 0; k < controls; ++k) store<f64>(means + (<usize>k << 3), average(size, samples, batch, k * rows + b, control));
  memory.fill(all, 0, square);
  memory.fill(products, 0, line);
  for (let s = 0; s < samples; ++s) {
    deviations(size, controls, rows, s * batch + b, control, means, own);
    addOuter(controls, 1, own, numberAt(size, value, s * batch + b) - meanF, all, products);
  }
  const left = <f64>samples / <f64>(samples - 1);
  for (let s = 0; s < samples; ++s) {
    const i = s * batch + b, f = numberAt(size, value, i) - meanF;
    deviations(size, controls, rows, i, control, means, own);
    memory.copy(matrix, all, square);
    memory.copy(solution, products, line);
    addOuter(controls, -left, own, f, matrix, solution);
    solve(size, controls, all, matrix, solution);
    let inGradient: f64 = 0, inValue: f64 = 0;
    for (let k = 0; k < controls; ++k) {
      const a = load<f64>(solution + (<usize>k << 3)), h = numberAt(size, control, k * rows + i);
      setAt(size, slope, k * rows + i, a);
      inGradient += a * (h - numberAt(size, centre, k * rows + i));
      inValue += a * (h - numberAt(size, mean, k * batch + b));
    }
    setAt(size, coefficient, i, numberAt(size, coefficient, i) - inGradient);
    setAt(size, total, i, numberAt(size, value, i) - inValue);
  }
}

/** The mean of every batch-th number from `first` on, about the first of them. */
function average(size: i32, samples: i32, batch: i32, first: i32, values: usize): f64 {
  const start = numberAt(size, values, first);
  let sum: f64 = 0;
  for (let s = 1; s < samples; ++s) sum += numberAt(size, values, first + s * batch) - start;
  return start + sum / <f64>samples;
}

/** own[k] = h[k, i] − the mean of h[k] */
function deviations(size: i32, controls: i32, rows: i32, i: i32, control: usize, means: usize, own: usize): void {
  for (let k = 0; k < controls; ++k) {
    const at = <usize>k << 3;
    store<f64>(own + at, numberAt(size, control, k * rows + i) - load<f64>(means + at));
  }
}

/** matrix += factor · own ownᵀ, products += factor · own f */
function addOuter(controls: i32, factor: f64, own: usize, f: f64, matrix: usize, products: usize): void {
  for (let k = 0; k < controls; ++k) {
    const at = <usize>k << 3, each = factor * load<f64>(own + at);
    store<f64>(products + at, load<f64>(products + at) + each * f);
    for (let l = 0; l < controls; ++l) {
      const entry = matrix + (<usize>(k * controls + l) << 3);
      store<f64>(entry, load<f64>(entry) + each * load<f64>(own + (<usize>l << 3)));
    }
  }
}

/** solution ← matrix⁻¹ solution, by Cholesky's factors in the lower triangle; `all` says what of a diagonal is rounding. */
function solve(size: i32, controls: i32, all: usize, matrix: usize, solution: usize): void {
  const least: f64 = size == 4 ? 1e-6 : 1e-13, ridge: f64 = controls == 1 ? 0 : size == 4 ? 1e-5 : 1e-9;
  for (let k = 0; k < controls; ++k) {
    const row = matrix + (<usize>(k * controls) << 3), diagonal = load<f64>(row + (<usize>k << 3));
    const varies = diagonal > load<f64>(all + (<usize>(k * (controls + 1)) << 3)) * least;
    if (!varies) clear(controls, k, matrix, solution);
    let pivot = varies ? diagonal * (1 + ridge) : 1;
    for (let l = 0; l < k; ++l) {
      const other = matrix + (<usize>(l * controls) << 3);
      let sum = load<f64>(row + (<usize>l << 3));
      for (let m = 0; m < l; ++m) sum -= load<f64>(row + (<usize>m << 3)) * load<f64>(other + (<usize>m << 3));
      sum /= load<f64>(other + (<usize>l << 3));
      store<f64>(row + (<usize>l << 3), sum);
      pivot -= sum * sum;
    }
    store<f64>(row + (<usize>k << 3), sqrt(max(pivot, varies ? diagonal * ridge * 0.5 : 1)));
  }
  for (let k = 0; k < controls; ++k) {
    const row = matrix + (<usize>(k * controls) << 3), at = solution + (<usize>k << 3);
    let sum = load<f64>(at);
    for (let l = 0; l < k; ++l) sum -= load<f64>(row + (<usize>l << 3)) * load<f64>(solution + (<usize>l << 3));
    store<f64>(at, sum / load<f64>(row + (<usize>k << 3)));
  }
  for (let k = controls - 1; k >= 0; --k) {
    const at = solution + (<usize>k << 3);
    let sum = load<f64>(at);
    for (let l = k + 1; l < controls; ++l) sum -= load<f64>(matrix + (<usize>(l * controls + k) << 3)) * load<f64>(solution + (<usize>l << 3));
    store<f64>(at, sum / load<f64>(matrix + (<usize>(k * (controls + 1)) << 3)));
  }
}

/** Takes control k out: its row, its column and its product are 0. */
function clear(controls: i32, k: i32, matrix: usize, solution: usize): void {
  store<f64>(solution + (<usize>k << 3), 0);
  for (let l = 0; l < controls; ++l) {
    store<f64>(matrix + (<usize>(k * controls + l) << 3), 0);
    if (l > k) store<f64>(matrix + (<usize>(l * controls + k) << 3), 0);
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
