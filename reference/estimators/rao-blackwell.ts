/** Mean of f over the values v of the chosen coordinates, P(v) = Π pₖ or 1 − pₖ; value is `[2ᵐ, rows]`, probs those of one problem. */
export function average(coordinates: readonly number[], probs: ArrayLike<number>, rows: number, value: ArrayLike<number>): { readonly weight: Float64Array; readonly mean: Float64Array } {
  const points = 2 ** coordinates.length;
  const weight = new Float64Array(points);
  const mean = new Float64Array(rows);
  for (let v = 0; v < points; v++) {
    weight[v] = coordinates.reduce((product, j, k) => product * ((v >> k) & 1 ? probs[j]! : 1 - probs[j]!), 1);
    for (let r = 0; r < rows; r++) mean[r]! += weight[v]! * value[v * rows + r]!;
  }
  return { weight, mean };
}
