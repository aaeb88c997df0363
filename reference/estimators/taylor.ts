/** f(a) + g · (x − a) + ½ (x − a)ᵀ H (x − a) for each row of x; row r is of problem r mod batch, curvature is `[dim, batch, dim]` or none. */
export function evaluate(batch: number, dim: number, x: ArrayLike<number>, anchor: ArrayLike<number>, value: ArrayLike<number>, slope: ArrayLike<number>, curvature?: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: x.length / dim }, (_, r) => {
    const b = r % batch;
    const away = (j: number): number => x[r * dim + j]! - anchor[b * dim + j]!;
    let sum = value[b]!;
    for (let j = 0; j < dim; j++) {
      sum += slope[b * dim + j]! * away(j);
      for (let k = 0; curvature !== undefined && k < dim; k++) sum += 0.5 * away(j) * curvature[(j * batch + b) * dim + k]! * away(k);
    }
    return sum;
  });
}
