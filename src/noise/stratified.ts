import { integer, onlyOptions } from "../errors.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";

/** The most points of one set: beyond it, more sets serve better than larger ones. */
export const MOST_POINTS: number = 2 ** 16;

/**
 * Latin hypercubes: of `points` points, each coordinate has one in each of as many equal intervals, in an order of its own.
 *
 * Takes out what f is as a sum of functions of single coordinates of the noise, in any number of coordinates; with one coordinate it is
 * stratified sampling, with variance O(points⁻³) where f is smooth in the uniform. McKay, Beckman & Conover 1979; Stein 1987.
 *
 * @param points  of one set, 2 … 65,536: the evaluations of f to a sample
 * @throws {RangeError} if `points` is not such an integer
 */
export function stratified(options: { readonly points: number }): Noise {
  onlyOptions("stratified", options, ["points"]);
  const points = integer("stratified", "points", options?.points, 2, MOST_POINTS);
  return {
    name: "stratified",
    points,
    bind: ({ region, sets, dims }) => {
      region.need([estimators]);
      const words = region.reserve(2 * points + 8, "f32");
      const order = region.reserve(points, "f32");
      return { fill: (kernels, { key, site }, out) => kernels.pointSetsStratified(key.low, key.high, site, points, sets, dims, words.at, order.at, out) };
    },
  };
}
