/** c of ∂p/∂logits[e] = c (1[x = e] − p(x | x ≠ e)), and that conditional law. */
export function split(probs: ArrayLike<number>, entry: number): { readonly constant: number; readonly others: Float64Array } {
  const others = Float64Array.from(probs, (p, k) => (k === entry ? 0 : p));
  const rest = others.reduce((a, b) => a + b, 0);
  return { constant: probs[entry]! * rest, others: others.map((p) => p / rest) };
}
