import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import { checkTheta, reserveTheta } from "../parameters.ts";
import { type Distribution, eachPart, sizeOf, type Stream } from "../vocabulary/distribution.ts";
import type { Rows, Site, Workspace } from "../vocabulary/estimator.ts";

/** θ moved along a direction of its own for every row, and the family drawn there. */
export interface Perturbation {
  /** Draws the directions, `[rows, size of θ]`. */
  readonly choose: (work: Workspace, stream: Stream) => void;
  /** x drawn at θ + factor · direction; the same stream at each factor: common random numbers. */
  readonly draw: (work: Workspace, stream: Stream, factor: number, x: Pointer) => void;
  /** terms += coefficient[row] · direction. */
  readonly terms: (work: Workspace, rows: Rows, coefficient: Pointer, terms: Pointer) => void;
}

/**
 * Every row is made a problem of its own, so that one preparation and one sampling serve all of them.
 *
 * @param law    the family of directions, at parameters that are all 0
 * @param signs  whether its draws are flips, meant as −1 and 1
 */
export function perturbation(caller: string, p: Distribution, law: Distribution, signs: boolean, { region, samples, batch }: Site): Perturbation {
  const rows = samples * batch;
  const size = sizeOf(p.params);
  const laws = reserveTheta(region, law, 1);
  const own = reserveTheta(region, p, rows);
  const direction = region.reserve(rows * size);
  const { bytes } = region;
  /** Each parameter: where it is in θ of `batch` problems, in one direction, and in θ of `rows` problems. */
  const each = (use: (width: number, packed: number, inDirection: number, moved: number) => void): void =>
    eachPart(p.params, 1, (_, at, width) => use(width, at * batch * bytes, at * bytes, at * rows * bytes));
  return {
    choose({ kernels }, stream) {
      law.prepare(kernels, laws.params.at, laws.theta);
      law.sample(kernels, stream, rows, laws.theta, direction.at);
      if (signs) kernels.perturbationSigns(rows * size, direction.at);
    },
    draw({ kernels, packed }, stream, factor, x) {
      each((width, from, along, to) => kernels.perturbationMove(rows, batch, width, size, factor, packed + from, direction.at + along, own.params.at + to));
      checkMoved(caller, p, own.params, rows);
      p.prepare(kernels, own.params.at, own.theta);
      p.sample(kernels, stream, rows, own.theta, x);
    },
    terms({ kernels }, { first, rows: some }, coefficient, terms) {
      each((width, _, along) => {
        kernels.perturbationTerms(some, width, size, direction.at + first * size * bytes + along, coefficient + first * bytes, terms);
        terms += some * width * bytes;
      });
    },
  };
}

/** Refuses a θ that a step took out of its domain, where there is anything to be left. */
export function checkMoved(caller: string, p: Distribution, moved: Field, problems: number): void {
  const bounded = Object.values(p.domains).some(({ admits }) => ![-1e30, 0, 1e30].every(admits));
  if (bounded || p.verify !== undefined) checkTheta(caller, "moved ", p, moved, problems, "Take a smaller step.");
}
