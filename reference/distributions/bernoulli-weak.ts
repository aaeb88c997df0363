/** c of ∂p/∂logits = c (1[x = 1] − 1[x = 0]) */
export const constant = (logits: number): number => 1 / ((1 + Math.exp(-logits)) * (1 + Math.exp(logits)));
