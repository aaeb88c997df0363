/** Gradient ascent with momentum (Polyak 1964). */
export function step(rate: number, momentum: number, gradient: ArrayLike<number>, velocity: Float64Array, params: Float64Array): void {
  for (let i = 0; i < params.length; i++) {
    velocity[i] = momentum * velocity[i]! + gradient[i]!;
    params[i]! += rate * velocity[i]!;
  }
}
