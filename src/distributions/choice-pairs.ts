import type { Antithetic } from "../vocabulary/distribution.ts";

/** Antithetic pairs of a choice, by a coin for each category but one (the sticks of Dong, Mnih & Tucker 2021). */
export function choicePairs(categories: number, dim: number): Antithetic["antithetic"] {
  return {
    uniforms: categories - 1,
    prepared: (batch) => 8 * batch * Math.ceil(categories / 4) * 4,
    prepare: (kernels, { batch, at }, ready) => kernels.choicePairsPrepare(batch, categories, at, ready),
    sample: (kernels, { key, site, chunk }, rows, { batch }, ready, uniform, x, mirrored) =>
      uniform === 0
        ? kernels.choicePairsSample(key.low, key.high, site, chunk, rows, batch, categories, dim, ready, x, mirrored)
        : kernels.choiceCoinsSample(key.low, key.high, site, chunk, rows, batch, categories, dim, ready, uniform, x, mirrored),
    arm: (kernels, rows, { batch, at }, ready, uniform, coefficient, terms) =>
      kernels.choiceCoinsArm(rows, batch, categories, at, ready, uniform, coefficient, terms),
    disarm: (kernels, rows, { batch, at }, ready, x, mirrored, coefficient, terms) =>
      kernels.choicePairsDisarm(rows, batch, categories, dim, at, ready, x, mirrored, coefficient, terms),
  };
}
