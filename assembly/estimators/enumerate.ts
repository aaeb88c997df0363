import { span } from "../lanes";
import { exp } from "../math/vectors";

/**
 * The weights of an exact sum over the support:
 *
 *   weight[i, b] = p(x[i]); coefficient[i, b] = p(x[i]) · f(x[i]); total[b] = Σᵢ coefficient[i, b]
 *
 * @param weight       T[points, batch]: log p on entry, p on return; its last vector is written whole
 * @param value        T[points, batch]
 * @param coefficient  T[points, batch], written
 * @param total        T[batch], written
 */
export function weigh<T>(points: i32, batch: i32, weight: usize, value: usize, coefficient: usize, total: usize): void {
  const n = points * batch;
  exp<T>(n, weight, weight);
  memory.fill(total, 0, span<T>(batch));
  for (let i = 0; i < n; ++i) {
    const at = span<T>(i), problem = total + span<T>(i % batch);
    const product: T = load<T>(weight + at) * load<T>(value + at);
    store<T>(coefficient + at, product);
    store<T>(problem, load<T>(problem) + product);
  }
}
