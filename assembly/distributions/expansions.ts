import { heightOf } from "../linear-algebra/triangular";
import { addAt, numberAt, setAt } from "../memory";
import { strideOf } from "../random/choices";
import { Part } from "./bernoulli";
import { Part as Choice } from "./categorical";

/**
 * Means, and what linear and quadratic functions of x about them are worth: E[g · (x − a)] and E[½ (x − a)ᵀ H (x − a)], with their
 * derivatives in θ where a is the mean and held still. For control variates by Taylor's series.
 *
 * In all kernels below: θ as the family prepares it; mean, slope (g) are T[batch, dim]; curvature (H) is T[dim, batch, dim]; value is
 * T[batch] and gradient is packed by parameter, both added to.
 */

/** mean[b, j] = pⱼ */
export function bernoulliMean<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize): void {
  memory.copy(mean, theta + <usize>(<i32>Part.Probs * tile * <i32>sizeof<T>()), <usize>(batch * dim * <i32>sizeof<T>()));
}

/** mean[b, k] = pₖ */
export function choiceMean<T>(batch: i32, categories: i32, theta: usize, mean: usize): void {
  choiceMeanOf(sizeof<T>(), batch, categories, theta, mean);
}

function choiceMeanOf(size: i32, batch: i32, categories: i32, theta: usize, mean: usize): void {
  const stride = strideOf(categories), probs = <i32>Choice.Probs * batch * stride;
  for (let b = 0; b < batch; ++b) for (let k = 0; k < categories; ++k) setAt(size, mean, b * categories + k, numberAt(size, theta, probs + b * stride + k));
}

/** For a diagonal normal: value[b] += ½ Σⱼ Hⱼⱼ sⱼ², gradient of logScale += Hⱼⱼ sⱼ². */
export function normalQuadratic<T>(batch: i32, dim: i32, tile: i32, theta: usize, curvature: usize, value: usize, gradient: usize): void {
  normalQuadraticOf(sizeof<T>(), batch, dim, tile, theta, curvature, value, gradient);
}

function normalQuadraticOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, curvature: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const b = e / dim, j = e % dim, scale = numberAt(size, theta, tile + e);
    const h = numberAt(size, curvature, (j * batch + b) * dim + j) * scale * scale;
    addAt(size, value, b, 0.5 * h);
    addAt(size, gradient, batch * dim + e, h);
  }
}

/** mean[b, j] of the multivariate normal */
export function multivariateNormalMean<T>(batch: i32, d: i32, theta: usize, mean: usize): void {
  const each = ((d + 2) * heightOf(d) + 4) * <i32>sizeof<T>(), row = d * <i32>sizeof<T>();
  for (let b = 0; b < batch; ++b) memory.copy(mean + <usize>(b * row), theta + <usize>(b * each), <usize>row);
}

/** For covariance L Lᵀ: value[b] += ½ tr(Lᵀ H L), gradient of scaleTril[i, c] += (H L)ᵢ꜀ for i ≥ c. */
export function multivariateNormalQuadratic<T>(batch: i32, d: i32, theta: usize, curvature: usize, value: usize, gradient: usize): void {
  multivariateNormalQuadraticOf(sizeof<T>(), batch, d, theta, curvature, value, gradient);
}

function multivariateNormalQuadraticOf(size: i32, batch: i32, d: i32, theta: usize, curvature: usize, value: usize, gradient: usize): void {
  const height = heightOf(d), each = (d + 2) * height + 4;
  for (let b = 0; b < batch; ++b) {
    for (let c = 0; c < d; ++c) {
      const column = b * each + (2 + c) * height;
      for (let i = c; i < d; ++i) {
        let sum: f64 = 0;
        for (let k = c; k < d; ++k) sum += numberAt(size, curvature, (i * batch + b) * d + k) * numberAt(size, theta, column + k);
        addAt(size, value, b, 0.5 * sum * numberAt(size, theta, column + i));
        addAt(size, gradient, batch * d + (b * d + i) * d + c, sum);
      }
    }
  }
}
