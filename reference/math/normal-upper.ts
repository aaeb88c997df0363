/** Q(t) = 1 − Φ(t): the series of Φ for |t| < 3, the continued fraction beyond (Abramowitz & Stegun 1964, 26.2.11 and 26.2.14). */
export function normalUpper(t: number): number {
  if (t < 0) return 1 - normalUpper(-t);
  if (t === Infinity) return 0;
  const density = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  if (t < 3) {
    let term = t;
    let sum = 0;
    for (let k = 1; term > 1e-18; k++) {
      sum += term;
      term *= (t * t) / (2 * k + 1);
    }
    return 0.5 - density * sum;
  }
  let hazard = t;
  for (let k = 150; k > 0; k--) hazard = t + k / hazard;
  return density / hazard;
}
