/** Adam as its paper has it (Kingma & Ba 2014, algorithm 1), ascending: one call a step, t from 1. */
export function step(
  t: number, rate: number, beta1: number, beta2: number, epsilon: number,
  gradient: ArrayLike<number>, mean: Float64Array, square: Float64Array, params: Float64Array,
): void {
  for (let i = 0; i < params.length; i++) {
    mean[i] = beta1 * mean[i]! + (1 - beta1) * gradient[i]!;
    square[i] = beta2 * square[i]! + (1 - beta2) * gradient[i]! ** 2;
    params[i]! += (rate * (mean[i]! / (1 - beta1 ** t))) / (Math.sqrt(square[i]! / (1 - beta2 ** t)) + epsilon);
  }
}
