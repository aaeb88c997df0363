import { finite, onlyOptions } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";

export interface MovingAverageOptions {
  /** Share of the past in each update, in [0, 1); 0.9 unless given. */
  readonly decay?: number;
  /** One average for all problems. Unless given: yes if a network gives θ (the problems change), no if each problem has its own. */
  readonly pooled?: boolean;
}

/**
 * The exponential moving average of f over the estimates so far, without the pull of its start. It predicts before it learns,
 * so it costs no bias; the first estimate has b = 0.
 */
export function movingAverage(options: MovingAverageOptions = {}): Baseline {
  onlyOptions("movingAverage", options, ["decay", "pooled"]);
  const decay = finite("movingAverage", "decay", options.decay ?? 0.9, "a number in [0, 1)", (x) => x >= 0 && x < 1);
  return {
    name: "moving-average",
    least: 1,
    bind: ({ batch, amortised, remember }) => {
      const stride = (options.pooled ?? amortised) ? 0 : 1;
      const average = remember("movingAverage.average", stride === 0 ? 1 : batch, "f64");
      const weight = remember("movingAverage.weight", stride === 0 ? 1 : batch, "f64");
      return {
        predict: ({ kernels, samples }, _, out) => kernels.movingAveragePredict(samples, batch, stride, average.at, weight.at, out),
        learn: ({ kernels, samples }, value) => kernels.movingAverageUpdate(samples, batch, stride, decay, value, average.at, weight.at),
      };
    },
  };
}
