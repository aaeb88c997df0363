/** (∂p/∂logits)ᵀ g of one choice: pₖ (gₖ − Σ p g). */
export function choicePull(probs: ArrayLike<number>, slope: ArrayLike<number>): Float64Array {
  const p = Float64Array.from(probs);
  const mean = p.reduce((sum, own, k) => sum + own * slope[k]!, 0);
  return p.map((own, k) => own * (slope[k]! - mean));
}

/** For covariance L Lᵀ: ½ tr(Lᵀ H L), and H L on and below the diagonal; matrices by rows. */
export function quadratic(d: number, lower: ArrayLike<number>, curvature: ArrayLike<number>): { readonly value: number; readonly gradient: Float64Array } {
  const entry = (i: number, c: number): number => (i >= c ? lower[i * d + c]! : 0);
  const gradient = new Float64Array(d * d);
  let value = 0;
  for (let i = 0; i < d; i++) {
    for (let c = 0; c <= i; c++) {
      for (let k = 0; k < d; k++) gradient[i * d + c]! += curvature[i * d + k]! * entry(k, c);
      value += 0.5 * entry(i, c) * gradient[i * d + c]!;
    }
  }
  return { value, gradient };
}
