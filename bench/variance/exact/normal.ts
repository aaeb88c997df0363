import { constant, ofMean, ofScale } from "../../../reference/distributions/normal-weak.ts";
import { legendre } from "../../../reference/math/quadrature.ts";
import { NORMAL, type Outcome, over, variance } from "./outcomes.ts";

/** f under N(mean, scale): scores by mean and logScale. */
export const normalOutcomes = (mean: number, scale: number, f: (x: number) => number): Outcome[] =>
  NORMAL.map(({ p, z }) => ({ p, f: f(mean + scale * z), score: [z / scale, z * z - 1] }));

/** f′(x) ∂x/∂θ */
export const along = (mean: number, scale: number, slope: (x: number) => number) => (samples: number): number[] =>
  over(samples, variance(NORMAL, ({ z }) => [slope(mean + scale * z), slope(mean + scale * z) * scale * z]));

/** c (f(x⁺) − f(x⁻)) of the weak derivatives by mean and logScale, the two points coupled or each by itself (Heidergott, Vázquez-Abad & Volk-Makarewicz 2008). */
export const weak = (mean: number, scale: number, f: (x: number) => number, coupled: boolean) => (samples: number): number[] => {
  const spread = (nodes: readonly { readonly p: number; readonly pair: readonly [number, number] }[]): number => {
    const [difference] = variance(nodes, ({ pair: [plus, minus] }) => [f(plus) - f(minus)]) as [number];
    const each = variance(nodes, ({ pair: [plus, minus] }) => [f(plus), f(minus)]);
    return coupled ? difference : each[0]! + each[1]!;
  };
  return over(samples, [constant(scale) ** 2 * spread(RAYLEIGH.map(({ p, r }) => ({ p, pair: ofMean(r * r / 2, mean, scale) }))), spread(maxwell(mean, scale))]);
};

const UNIT = legendre(48);
const REACH = 9;
/** Nodes of a Rayleigh draw, whose density is r exp(−r² / 2). */
const RAYLEIGH = UNIT.map(([u, w]) => ({ p: REACH * w * REACH * u * Math.exp(-((REACH * u) ** 2) / 2), r: REACH * u }));

/** Nodes of a double-sided Maxwell draw and of a uniform one. */
function maxwell(mean: number, scale: number): { readonly p: number; readonly pair: readonly [number, number] }[] {
  return [1, -1].flatMap((sign) => UNIT.flatMap(([node, weight]) => {
    const m = REACH * node;
    const p = (REACH * weight * m * m * Math.exp(-m * m / 2)) / Math.sqrt(2 * Math.PI);
    return UNIT.map(([u, w]) => ({ p: p * w, pair: ofScale(0, sign * m, u, mean, scale) }));
  }));
}
