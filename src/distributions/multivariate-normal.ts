import type { Points } from "../core/core.ts";
import { integer } from "../errors.ts";
import type { Distribution, Divergent, Entropic, Reparameterizable, Scored } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { real } from "./elementwise.ts";

/** mean `[dim]` and scaleTril `[dim, dim]`, by rows: L of the covariance L Lᵀ. */
export type MultivariateNormalParameters = { readonly mean: readonly [number]; readonly scaleTril: readonly [number, number] };

export interface MultivariateNormal
  extends Distribution<MultivariateNormalParameters>, Scored, Reparameterizable, Divergent<MultivariateNormalParameters>, Entropic {}

/**
 * x = mean + L z over ℝᵈ with independent standard normal z: covariance L Lᵀ, L the lower triangle of scaleTril.
 *
 * What is above the diagonal is ignored and gets gradient 0. On the diagonal any number but 0 will do; its sign does not matter.
 * A draw costs d² / 2 products, a score or a log p two triangular solves; `terms` are d + d² numbers a sample.
 *
 * @param dim  d, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function multivariateNormal(dim: number): MultivariateNormal {
  integer("multivariateNormal", "dim", dim);
  const height = Math.ceil(dim / 8) * 8;
  return {
    name: "multivariateNormal",
    modules: [families],
    dim,
    params: { mean: [dim], scaleTril: [dim, dim] },
    domains: { mean: real, scaleTril: real },
    verify: ({ scaleTril }, batch) => singular(scaleTril, batch, dim),
    prepared: (batch) => batch * ((dim + 2) * height + 4) + 3 * height,
    prepare: (kernels, params, { batch, at }) => kernels.multivariateNormalPrepare(batch, dim, params, at),
    sample: (kernels, { key, site, chunk }, rows, { batch, at }, x) =>
      kernels.multivariateNormalDraw(key.low, key.high, site, chunk, rows, batch, dim, at, x, x),
    logProb: (kernels, rows, { batch, at }, x, logProb) => kernels.multivariateNormalLogProb(rows, batch, dim, at, x, logProb),
    score: (kernels, rows, { batch, at }, x, coefficient, terms) =>
      kernels.multivariateNormalScore(rows, batch, dim, at, x, coefficient, terms),
    path: {
      noise: dim, // z is kept: to solve for it again costs more than the pull itself
      draw: (kernels, { key, site, chunk }, rows, { batch, at }, noise, x) =>
        kernels.multivariateNormalDraw(key.low, key.high, site, chunk, rows, batch, dim, at, noise, x),
      pull: (kernels, rows, _, noise, __, cotangent, terms) => kernels.multivariateNormalPull(rows, dim, noise, cotangent, terms),
    },
    divergence: (kernels, theta, prior, sign, value, gradient) =>
      kernels.multivariateNormalDivergence(theta.batch, dim, theta.at, prior.batch, prior.at, sign, value, gradient),
    entropy: (kernels, { batch, at }, sign, value, gradient) => kernels.multivariateNormalEntropy(batch, dim, at, sign, value, gradient),
  };
}

function singular(scaleTril: Points, batch: number, dim: number): string | undefined {
  for (let b = 0; b < batch; b++) {
    for (let j = 0; j < dim; j++) {
      if (scaleTril[(b * dim + j) * dim + j] === 0) return `"params.scaleTril" expected no 0 on the diagonal, got 0 at [${j}, ${j}] of problem ${b}`;
    }
  }
  return undefined;
}
