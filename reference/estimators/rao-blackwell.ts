/** Mean of f over all combinations of the values of some variables, the first one's turn fastest. value is `[combinations, rows]`, probs has each variable's probabilities in one problem. */
export function average(probs: readonly ArrayLike<number>[], rows: number, value: ArrayLike<number>): { readonly weight: Float64Array; readonly mean: Float64Array } {
  const points = probs.reduce((product, { length }) => product * length, 1);
  const weight = new Float64Array(points).fill(1);
  const mean = new Float64Array(rows);
  for (let v = 0; v < points; v++) {
    for (let k = 0, left = v; k < probs.length; left = Math.floor(left / probs[k]!.length), k++) weight[v]! *= probs[k]![left % probs[k]!.length]!;
    for (let r = 0; r < rows; r++) mean[r]! += weight[v]! * value[v * rows + r]!;
  }
  return { weight, mean };
}
