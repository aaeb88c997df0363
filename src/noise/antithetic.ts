import { noOptions } from "../errors.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";

/**
 * Pairs u, 1 − u of every coordinate: what is odd about the middle of the noise cancels. Two points to a sample.
 *
 * Less variance where f rises or falls with each coordinate of the noise; more where f is even in it. Hammersley & Morton 1956.
 */
export function antithetic(): Noise;
export function antithetic(...given: readonly unknown[]): Noise {
  noOptions("antithetic", given);
  return {
    name: "antithetic",
    points: 2,
    bind: ({ region, sets, dims }) => {
      region.need([estimators]);
      const words = region.reserve(2 * dims + 8, "f32");
      return { fill: (kernels, { key, site }, out) => kernels.pointSetsMirrored(key.low, key.high, site, sets, dims, words.at, out) };
    },
  };
}
