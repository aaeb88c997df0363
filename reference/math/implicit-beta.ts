import { digammaStep } from "./gamma-functions.ts";
import { DROP, integral, quadraticReach, reach } from "./quadrature.ts";

/** dx/da of x ~ Beta(a, b) at one level of its distribution function, y = 1 − x: as assembly/math/implicit-beta, one number at a time. */
export function betaSlope(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const c = (x > 0.5 ? Math.log1p(-y) : Math.log(x)) + digammaStep(a, b);
  if (x * (b + 1) <= y * (a + 1)) {
    if (n < 4 || x * n < 0.5 * (a + 1)) return ((x * y) / a) * series(a, b, x, (j) => (b - 1) / (a + 1 + j) / (n + j), 1 / a - c);
  } else if (n < 4 || y * n < 0.5 * (b + 1)) return ((x * y) / b) * series(b, a, y, (j) => 1 / (n + j), c);
  const [p, q, z] = c > 0 ? [a, b, x] : [b, a, y];
  const log = (s: number): number => Math.log1p(z * Math.expm1(s));
  const phi = (s: number): number => n * log(s) - p * s;
  const slope = (s: number): number => (n * z * Math.exp(s)) / (1 + z * Math.expm1(s)) - p;
  const length = reach(phi, slope, Math.max(DROP / q, quadraticReach(Math.max(0, n * z - p), n * x * y)));
  return x * y * integral(length, (s) => (Math.abs(c) + (c > 0 ? s - log(s) : log(s))) * Math.exp(-phi(s)));
}

/** Σₖ tₖ (factor + Σ_{j<k} inverse(j)), tₖ = (p + q)ₖ / (p + 1)ₖ zᵏ */
function series(p: number, q: number, z: number, inverse: (j: number) => number, factor: number): number {
  let [term, inverses, total] = [1, 0, factor];
  for (let k = 0; k < 100_000 && term * (1 + Math.abs(inverses)) > 1e-14 * Math.abs(total); k++) {
    term *= (z * (p + q + k)) / (p + 1 + k);
    inverses += inverse(k);
    total += term * (factor + inverses);
  }
  return total;
}
