import { finite, onlyOptions } from "../errors.ts";
import type { Optimizer } from "../vocabulary/optimizer.ts";

export interface AdamOptions {
  /** The size of a step, about; > 0. 0.001 unless given. */
  readonly rate?: number;
  /** Decay of the mean of gradients, in [0, 1); 0.9 unless given. */
  readonly beta1?: number;
  /** Decay of the mean of their squares, in [0, 1); 0.999 unless given. */
  readonly beta2?: number;
  /** Keeps the step finite where gradients vanish; > 0. 1e-8 unless given. */
  readonly epsilon?: number;
}

/** Steps scaled by the running moments of the gradient, each coordinate by its own. Kingma & Ba 2014. */
export function adam(options: AdamOptions = {}): Optimizer {
  onlyOptions("adam", options, ["rate", "beta1", "beta2", "epsilon"]);
  const rate = finite("adam", "rate", options.rate ?? 1e-3, "a number > 0", (x) => x > 0);
  const beta1 = finite("adam", "beta1", options.beta1 ?? 0.9, "a number in [0, 1)", (x) => x >= 0 && x < 1);
  const beta2 = finite("adam", "beta2", options.beta2 ?? 0.999, "a number in [0, 1)", (x) => x >= 0 && x < 1);
  const epsilon = finite("adam", "epsilon", options.epsilon ?? 1e-8, "a number > 0", (x) => x > 0);
  return {
    name: "adam",
    bind: (_, length, remember) => {
      const mean = remember("mean", length);
      const square = remember("square", length);
      const biases = remember("biases", 2, "f64"); // 1 − β₁ᵗ and 1 − β₂ᵗ, kept as products: no power function has the same bits everywhere
      return {
        step: (kernels, direction, gradient, params) => {
          const unbias = biases.view();
          unbias[0] = 1 - beta1 * (1 - unbias[0]!);
          unbias[1] = 1 - beta2 * (1 - unbias[1]!);
          kernels.adamStep(length, direction * rate, beta1, beta2, epsilon, unbias[0], unbias[1], gradient, mean.at, square.at, params);
        },
      };
    },
  };
}
