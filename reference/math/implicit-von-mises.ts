import { bessel } from "./bessel.ts";
import { DROP, integral, quadraticReach } from "./quadrature.ts";

/** dx/dκ of x ~ von Mises(0, κ), −π ≤ x ≤ π: as assembly/math/implicit-von-mises, one number at a time. */
export function vonMisesSlope(kappa: number, x: number): number {
  if (x < 0) return -vonMisesSlope(kappa, -x);
  const { gap } = bessel(kappa);
  const height = Math.sin(x / 2) ** 2;
  const term = (t: number): number => {
    const square = Math.sin(t / 2) ** 2;
    return Math.abs(gap - 2 * square) * Math.exp(2 * kappa * (height - square));
  };
  if (gap > 2 * height) return -integral(x, term);
  const room = Math.PI - x;
  let s = Math.min(room, quadraticReach(kappa * Math.sin(x), Math.max(0, kappa * Math.cos(x))));
  for (let step = 0; step < 2; step++) {
    const rest = 2 * kappa * (Math.sin((x + s) / 2) ** 2 - height) - DROP;
    if (rest < 0 && s >= room) break;
    s = Math.min(room, s - rest / (kappa * Math.sin(x + s)));
  }
  return -integral(s, (t) => term(x + t));
}
