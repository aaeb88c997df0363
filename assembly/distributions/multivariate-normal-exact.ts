import { backward, forward, heightOf } from "../linear-algebra/triangular";
import { span } from "../lanes";
import { addAt, numberAt, setAt } from "../memory";
import { addScaled, columns, constant, difference, inverse, mean, squared } from "./multivariate-normal";

/** The mean, and the diagonal of L Lᵀ; both T[batch, d], written. */
export function moments<T>(batch: i32, d: i32, theta: usize, centre: usize, variance: usize): void {
  for (let b = 0; b < batch; ++b) momentsOf(sizeof<T>(), d, mean<T>(theta, d, b), centre + span<T>(b * d), variance + span<T>(b * d));
}

function momentsOf(size: i32, d: i32, own: usize, centre: usize, variance: usize): void {
  memory.copy(centre, own, <usize>(size * d));
  for (let i = 0; i < d; ++i) {
    let sum: f64 = 0;
    for (let j = 0; j <= i; ++j) {
      const entry = numberAt(size, own, (2 + j) * heightOf(d) + i);
      sum += entry * entry;
    }
    setAt(size, variance, i, sum);
  }
}

/**
 * value[b] += sign · KL, KL = ½ (|M|² + |v|² − d) + Σ log |L₀ⱼⱼ / Lⱼⱼ|, M = L₀⁻¹ L, v = L₀⁻¹ (mean − mean₀);
 * gradient of mean += sign · L₀⁻ᵀ v, of scaleTril += sign · (L₀⁻ᵀ M − 1 / Lⱼⱼ on the diagonal), lower triangle.
 *
 * @param prior     θ of the prior (mean₀, L₀), of `priorBatch` problems in turn
 * @param value     T[batch], added to
 * @param gradient  T[batch, d], then T[batch, d, d], added to
 */
export function divergence<T>(batch: i32, d: i32, theta: usize, priorBatch: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  const height = heightOf(d);
  const rest = mean<T>(theta, d, batch), y = rest + span<T>(height), s = y + span<T>(height);
  for (let b = 0; b < batch; ++b) {
    const own = mean<T>(theta, d, b), other = mean<T>(prior, d, b % priorBatch);
    const lower = gradient + span<T>(batch * d + b * d * d);
    difference<T>(d, own, other, rest);
    let sum = whitened<T>(d, other, rest, y, s);
    addScaled<T>(d, <T>sign, s, gradient + span<T>(b * d));
    for (let j = 0; j < d; ++j) {
      memory.copy(rest, columns<T>(own, d) + span<T>(j * height), span<T>(height));
      sum += whitened<T>(d, other, rest, y, s);
      for (let i = j; i < d; ++i) {
        const at = lower + span<T>(i * d + j);
        store<T>(at, load<T>(at) + <T>sign * load<T>(s + span<T>(i)));
      }
    }
    addDiagonal(sizeof<T>(), d, -sign, inverse<T>(own, d), lower);
    const logs = numberAt(sizeof<T>(), constant<T>(other, d), 0) - numberAt(sizeof<T>(), constant<T>(own, d), 0);
    addAt(sizeof<T>(), value, b, sign * (0.5 * (sum - <f64>d) + logs));
  }
}

/** y = L⁻¹ r, s = L⁻ᵀ y; returns |y|². */
function whitened<T>(d: i32, own: usize, r: usize, y: usize, s: usize): f64 {
  forward<T>(d, columns<T>(own, d), inverse<T>(own, d), r, y);
  backward<T>(d, columns<T>(own, d), inverse<T>(own, d), y, s);
  return squared<T>(d, y);
}

/**
 * value[b] += sign · (½ d (1 + log 2π) + Σ log |Lⱼⱼ|), gradient of scaleTril[j, j] += sign / Lⱼⱼ.
 *
 * @param value     T[batch], added to
 * @param gradient  T[batch, d], then T[batch, d, d], added to
 */
export function entropy<T>(batch: i32, d: i32, theta: usize, sign: f64, value: usize, gradient: usize): void {
  for (let b = 0; b < batch; ++b) {
    const own = mean<T>(theta, d, b);
    addDiagonal(sizeof<T>(), d, sign, inverse<T>(own, d), gradient + span<T>(batch * d + b * d * d));
    addAt(sizeof<T>(), value, b, sign * (0.5 * <f64>d + numberAt(sizeof<T>(), constant<T>(own, d), 0)));
  }
}

/** matrix[j, j] += factor · a[j] */
function addDiagonal(size: i32, d: i32, factor: f64, a: usize, matrix: usize): void {
  for (let j = 0; j < d; ++j) addAt(size, matrix, j * (d + 1), factor * numberAt(size, a, j));
}
