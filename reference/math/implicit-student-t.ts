import { digammaStep } from "./gamma-functions.ts";
import { betaSlope } from "./implicit-beta.ts";
import { DROP, integral, quadraticReach, reach } from "./quadrature.ts";

/** dz/dν of a standard Student t variable at one level of its distribution function: as assembly/math/implicit-student-t, one number at a time. */
export function studentSlope(degrees: number, z: number): number {
  if (z < 0) return -studentSlope(degrees, -z);
  const start = (z * z) / degrees;
  if (degrees < 6) {
    const [y, rest] = [1 / (1 + start), start / (1 + start)];
    return (z / 2) * (1 / degrees - betaSlope(degrees / 2, 0.5, y, rest) / (2 * y * rest));
  }
  const lead = digammaStep(degrees / 2, 0.5) - 1 / degrees;
  const score = (w: number): number => (lead - Math.log1p(w) + ((1 + 1 / degrees) * w) / (1 + w)) / 2;
  const drop = (w: number): number => ((degrees + 1) / 2) * (Math.log1p(w) - Math.log1p(start));
  if (score(start) > 0) return -z * integral(1, (s) => score(start * s * s) * Math.exp(-drop(start * s * s)));
  const at = (s: number): number => start * Math.exp(2 * s);
  const part = start / (1 + start);
  const from = Math.max(DROP / degrees, quadraticReach(Math.max(0, (degrees + 1) * part - 1), (2 * (degrees + 1) * part) / (1 + start)));
  const length = reach((s) => drop(at(s)) - s, (s) => ((degrees + 1) * at(s)) / (1 + at(s)) - 1, from);
  return z * integral(length, (s) => score(at(s)) * Math.exp(s - drop(at(s))));
}
