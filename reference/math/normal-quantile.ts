import { normalCentral, normalTail } from "./normal-quantile-coefficients.ts";

/** Φ⁻¹(p) */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return (q * quotient(normalCentral, 0.180625 - q * q));
  const least = Math.min(p, 1 - p);
  if (!(least >= 0)) return NaN;
  const size = least === 0 ? Infinity : quotient(normalTail, Math.sqrt(-Math.log(least)) - 1.6);
  return q < 0 ? -size : size;
}

/** P(x) / Q(x): the first half of the coefficients, then the second, lowest power first. */
function quotient(coefficients: readonly number[], x: number): number {
  const half = coefficients.length / 2;
  let above = 0, below = 0;
  for (let i = half - 1; i >= 0; i--) {
    above = above * x + coefficients[i]!;
    below = below * x + coefficients[half + i]!;
  }
  return above / below;
}
