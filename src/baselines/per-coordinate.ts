import { noOptions } from "../errors.ts";
import type { CoordinateBaseline } from "../vocabulary/baseline.ts";
import { eachPart } from "../vocabulary/distribution.ts";
import { estimators } from "../wasm/modules.ts";

/**
 * The best constant for each coordinate of the gradient, E[f s²] / E[s²] with s its score, estimated for each sample from the others: no
 * bias, no state. Terms that share each other's f vary together, by (E[(f − b) s³] / E[s²] / samples)²: the standard error counts that in, by its
 * plug-in estimate. For `scoreFunction` and `muProp`; needs two samples, and some twenty to be worth it.
 *
 * It keeps every score of an estimate, twice: as many numbers a sample as a problem has parameters. Control variates beside it are
 * compared with the best constant of each coordinate, too. Where scores differ much in size from
 * draw to draw, in scales above all, it takes out what leave-one-out leaves: a third of the variance of ∂/∂logScale for x² of N(0, 1).
 * Weaver & Tao 2001; Peters & Schaal 2008.
 */
export function perCoordinate(): CoordinateBaseline;
export function perCoordinate(...given: readonly unknown[]): CoordinateBaseline {
  noOptions("perCoordinate", given);
  return {
    name: "per-coordinate",
    least: 2,
    coordinates: ({ region, distribution, samples, batch }) => {
      const widest = Math.max(...Object.values(distribution.params).map((shape) => shape.reduce((product, width) => product * width, 1)));
      region.need([estimators]);
      const scratch = region.reserve(2 * batch * widest);
      const widths = (rows: number, of: (at: number, width: number) => void): void => eachPart(distribution.params, rows, (_, at, length) => of(at, length / rows));
      return {
        spread: ({ kernels, bytes }, scores, terms, squares) =>
          widths(batch, (at, width) => kernels.perCoordinateSpread(samples, batch, width, scratch.at, scores + at * samples * bytes, terms + at * samples * bytes, squares + at * bytes)),
        center: ({ kernels, bytes }, value, sign, weight, scores, terms) =>
          widths(samples * batch, (at, width) =>
            kernels.perCoordinateCenter(samples, batch, width, value, sign, weight, scratch.at, scores + at * bytes, terms + at * bytes)),
      };
    },
  };
}
