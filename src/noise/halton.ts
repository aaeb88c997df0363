import { integer, onlyOptions } from "../errors.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";
import { MOST_POINTS } from "./stratified.ts";

/**
 * Halton points with randomly permuted digits: randomised quasi-Monte Carlo for any number of points.
 *
 * Coordinate j is the radical inverse in the j-th prime, so it fills well once there are more points than that prime: `sobol()` is
 * better from a few coordinates on, where its powers of two fit. Halton 1960; randomised as by Owen 2017.
 *
 * @param points  of one set, 2 … 65,536: the evaluations of f to a sample
 * @throws {RangeError} if `points` is not such an integer
 */
export function halton(options: { readonly points: number }): Noise {
  onlyOptions("halton", options, ["points"]);
  const points = integer("halton", "points", options?.points, 2, MOST_POINTS);
  return {
    name: "halton",
    points,
    bind: ({ region, sets, dims }) => {
      region.need([estimators]);
      const primes = primesOf(dims);
      const largest = primes[dims - 1]!;
      const bases = region.reserve(dims, "f32");
      const words = region.reserve(Math.max(2 * points, largest) + 8, "f32");
      const order = region.reserve(points + largest, "f32");
      return {
        begin: () => new Int32Array(region.core.heap.buffer(), bases.at, dims).set(primes),
        fill: (kernels, { key, site }, out) => kernels.pointSetsHalton(key.low, key.high, site, points, sets, dims, bases.at, words.at, order.at, out),
      };
    },
  };
}

/** The first `count` primes. */
function primesOf(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}
