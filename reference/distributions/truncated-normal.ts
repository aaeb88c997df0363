import { normalQuantile } from "../math/normal-quantile.ts";
import { normalUpper } from "../math/normal-upper.ts";

export interface Ends {
  readonly low: number;
  readonly high: number;
}

const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
const weighed = (t: number): number => (Number.isFinite(t) ? t * density(t) : 0);
/** Φ(b) − Φ(a) */
const mass = (a: number, b: number): number => (a > 0 ? normalUpper(a) - normalUpper(b) : normalUpper(-b) - normalUpper(-a));

const standardised = ({ low, high }: Ends, location: number, logScale: number): [number, number] => [(low - location) / Math.exp(logScale), (high - location) / Math.exp(logScale)];

/** x of a uniform u, in the middle of the normal: its digits go where the ends lie far out. */
export function sample(u: number, ends: Ends, location: number, logScale: number): number {
  const [a, b] = standardised(ends, location, logScale);
  return location + Math.exp(logScale) * normalQuantile(normalUpper(-a) + u * mass(a, b));
}

export function logProb(x: number, ends: Ends, location: number, logScale: number): number {
  if (x < ends.low || x > ends.high) return -Infinity;
  const z = (x - location) / Math.exp(logScale);
  return -(z * z + Math.log(2 * Math.PI)) / 2 - logScale - Math.log(mass(...standardised(ends, location, logScale)));
}

/** ∂ log p of location and logScale. */
export function score(x: number, ends: Ends, location: number, logScale: number): [number, number] {
  const [a, b] = standardised(ends, location, logScale);
  const z = (x - location) / Math.exp(logScale);
  return [(z - (density(a) - density(b)) / mass(a, b)) / Math.exp(logScale), z * z - 1 - (weighed(a) - weighed(b)) / mass(a, b)];
}

export function moments(ends: Ends, location: number, logScale: number): { mean: number; variance: number } {
  const [a, b] = standardised(ends, location, logScale);
  const mean = (density(a) - density(b)) / mass(a, b);
  return { mean: location + Math.exp(logScale) * mean, variance: Math.exp(2 * logScale) * (1 + (weighed(a) - weighed(b)) / mass(a, b) - mean ** 2) };
}
