import { digamma } from "../math/digamma.ts";
import { betaSlope } from "../math/implicit-beta.ts";
import { lgamma } from "../math/lgamma.ts";

const sum = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);

export function logProb(x: ArrayLike<number>, logConcentration: readonly number[]): number {
  const alpha = logConcentration.map(Math.exp);
  return lgamma(sum(alpha)) + alpha.reduce((total, own, j) => total + (own - 1) * Math.log(x[j]!) - lgamma(own), 0);
}

/** ∂ log p of the j-th logConcentration. */
export function score(x: ArrayLike<number>, logConcentration: readonly number[], j: number): [number] {
  const alpha = logConcentration.map(Math.exp);
  return [alpha[j]! * (Math.log(x[j]!) - digamma(alpha[j]!) + digamma(sum(alpha)))];
}

/** ∂x of each logConcentration: xⱼ along its beta distribution, the others in proportion. */
export function jacobian(x: ArrayLike<number>, logConcentration: readonly number[]): number[][] {
  const alpha = logConcentration.map(Math.exp);
  return alpha.map((own, j) => {
    const others = sum(alpha) - own;
    const rest = sum(x) - x[j]!;
    const slope = own * betaSlope(own, others, x[j]!, rest);
    return alpha.map((_, i) => (i === j ? slope : (-slope * x[i]!) / rest));
  });
}
