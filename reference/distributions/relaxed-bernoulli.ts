/** A relaxed flip y = sigmoid((logit + l) / temperature) of standard logistic l. */

export const sample = (l: number, logit: number, temperature: number): number => 1 / (1 + Math.exp(-(logit + l) / temperature));

const distance = (y: number, logit: number, temperature: number): number => logit - temperature * (Math.log(y) - Math.log1p(-y));

export function logProb(y: number, logit: number, temperature: number): number {
  if (!(y > 0 && y < 1)) return -Infinity;
  const d = distance(y, logit, temperature);
  return Math.log(temperature) - Math.abs(d) - 2 * Math.log1p(Math.exp(-Math.abs(d))) - Math.log(y) - Math.log1p(-y);
}

/** ∂ log p/∂logit. */
export const score = (y: number, logit: number, temperature: number): number => -Math.tanh(distance(y, logit, temperature) / 2);
