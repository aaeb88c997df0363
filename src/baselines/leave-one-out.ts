import { noOptions } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";

/**
 * Each sample is compared with the mean of the others: no parameter, no state, no bias. Needs two samples at least.
 *
 * Kool, van Hoof & Welling 2019. With it the gradient is also the "VarGrad" of Richter et al. 2020.
 */
export function leaveOneOut(): Baseline;
export function leaveOneOut(...given: readonly unknown[]): Baseline {
  noOptions("leaveOneOut", given);
  return {
    name: "leave-one-out",
    least: 2,
    bind: ({ region, batch }) => {
      const means = region.reserve(2 * batch);
      return {
        fromOthers: true,
        predict: ({ kernels, samples }, value, out) => kernels.leaveOneOutPredict(samples, batch, value, means.at, out),
      };
    },
  };
}
