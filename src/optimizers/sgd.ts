import { finite, onlyOptions } from "../errors.ts";
import type { Optimizer } from "../vocabulary/optimizer.ts";

/**
 * Plain gradient steps: params ∓ rate · gradient.
 *
 * @param rate  the step for a gradient of 1; > 0
 */
export function sgd(options: { readonly rate: number }): Optimizer {
  onlyOptions("sgd", options, ["rate"]);
  const rate = finite("sgd", "rate", options.rate, "a number > 0", (x) => x > 0);
  return {
    name: "sgd",
    bind: (_, length) => ({
      step: (kernels, direction, gradient, params) => kernels.sgdStep(length, direction * rate, 0, gradient, 0, params),
    }),
  };
}

/**
 * Gradient steps with a velocity that remembers: velocity ← momentum · velocity + gradient. Polyak 1964.
 *
 * @param rate      > 0
 * @param momentum  in [0, 1); 0.9 unless given
 */
export function momentum(options: { readonly rate: number; readonly momentum?: number }): Optimizer {
  onlyOptions("momentum", options, ["rate", "momentum"]);
  const rate = finite("momentum", "rate", options.rate, "a number > 0", (x) => x > 0);
  const decay = finite("momentum", "momentum", options.momentum ?? 0.9, "a number in [0, 1)", (x) => x >= 0 && x < 1);
  return {
    name: "momentum",
    bind: (_, length, remember) => {
      const velocity = remember("velocity", length);
      return {
        step: (kernels, direction, gradient, params) => kernels.sgdStep(length, direction * rate, decay, gradient, velocity.at, params),
      };
    },
  };
}
