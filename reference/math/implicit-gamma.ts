import { digammaGap } from "./gamma-functions.ts";
import { integral, quadraticReach, reach, DROP } from "./quadrature.ts";

/** d log u / d log α of u ~ Gamma(α, 1) at one level of its distribution function: as assembly/math/implicit-gamma, one number at a time. */
export function gammaElasticity(alpha: number, u: number): number {
  const c = Math.log(u / alpha) + digammaGap(alpha);
  if (u < 0.5 * (alpha + 1)) {
    let [term, inverses, sum, derivative] = [1, 0, 1, 0];
    for (let k = 1; term * (1 + inverses) > 1e-12 * sum; k++) {
      term *= u / (alpha + k);
      inverses += 1 / (alpha + k);
      sum += term;
      derivative += term * inverses;
    }
    return sum * (1 / alpha - c) + derivative;
  }
  const side = c < 0 ? -1 : 1;
  const phi = (s: number): number => u * Math.expm1(side * s) - side * alpha * s;
  const from = Math.max(quadraticReach(Math.max(0, side * (u - alpha)), u), side < 0 ? DROP / alpha : 0);
  const length = reach(phi, (s) => side * (u * Math.exp(side * s) - alpha), from);
  return alpha * integral(length, (s) => (Math.abs(c) + s) * Math.exp(-phi(s)));
}
