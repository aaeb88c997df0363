/** Mean and Σ (value − mean)² of each column of `[rows, columns]`, two passes. */
export function accumulate(rows: number, columns: number, values: ArrayLike<number>): { mean: Float64Array; squares: Float64Array } {
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += values[i * columns + j]! / rows;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) squares[j]! += (values[i * columns + j]! - mean[j]!) ** 2;
  return { mean, squares };
}
