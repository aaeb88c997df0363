import { span } from "../lanes";

/**
 * terms[i, j] += coefficient[i] · (½ − u[i, j]), with coefficient = f(1[u < p]) − f(1[u > 1 − p]).
 *
 * Augment-REINFORCE-merge, ∂/∂logits: Yin & Zhou 2019.
 *
 * @param uniform      T[rows, dim], the uniforms of both points
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function terms<T>(rows: i32, dim: i32, uniform: usize, coefficient: usize, terms: usize): void {
  for (let i = 0; i < rows; ++i) {
    const c = load<T>(coefficient + span<T>(i));
    for (let j = 0; j < dim; ++j) {
      const at = span<T>(i * dim + j);
      store<T>(terms + at, load<T>(terms + at) + c * (<T>0.5 - load<T>(uniform + at)));
    }
  }
}
