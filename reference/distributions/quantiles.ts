import { normalQuantile } from "../math/normal-quantile.ts";

/** Quantiles of standard noise. */
export const quantiles = {
  normal: normalQuantile,
  exponential: (u: number): number => -Math.log1p(-u),
  gumbel: (u: number): number => -Math.log(-Math.log(u)),
  logistic: (u: number): number => Math.log(u / (1 - u)),
} as const;

/** 1[u > 1 − p] */
export const flip = (u: number, p: number): number => (u > 1 - p ? 1 : 0);
