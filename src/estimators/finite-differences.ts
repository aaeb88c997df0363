import type { Field } from "../core/region.ts";
import { finite, onlyOptions } from "../errors.ts";
import { reserveTheta } from "../parameters.ts";
import { type Distribution, eachPart, type Invertible, sizeOf } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type Site } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";
import { checkMoved } from "./perturbation.ts";
import { withNoise } from "./point-sets.ts";

export interface FiniteDifferencesOptions {
  /** How far a number of θ is moved, in its own unit, > 0; 0.01 unless given. */
  readonly step?: number;
  /** Point sets to draw from, one to a sample. Independent points unless given. */
  readonly noise?: Noise;
}

/**
 * Central finite differences: (E f at θₑ + step − E f at θₑ − step) / (2 step) for each number θₑ of one problem's parameters, every mean
 * over the same random numbers.
 *
 * What one does without a library, to compare with: biased by O(step²), as is the value, the mean of all points; 2 evaluations of f for each
 * number of θ per sample. Where draws jump with θ (discrete families), the variance grows as 1 / step. Glasserman & Yao 1992.
 *
 * *Requirements*: any `p`, one with a quantile for `noise`; f its values.
 *
 * @throws {RangeError} if `step` is not a number > 0; in an estimate, if it takes θ out of its domain, or is lost beside it
 */
export function finiteDifferences(options: FiniteDifferencesOptions & { readonly noise: Noise }): Estimator<Distribution & Invertible, Integrand>;
export function finiteDifferences(options?: FiniteDifferencesOptions): Estimator<Distribution, Integrand>;
export function finiteDifferences(options: FiniteDifferencesOptions = {}): Estimator<Distribution & Invertible, Integrand> {
  onlyOptions("finiteDifferences", options, ["step", "noise"]);
  const step = finite("finiteDifferences", "step", options.step ?? 0.01, "a number > 0", (x) => x > 0);
  const own: Definition<Distribution, Integrand, "coefficient"> = {
    name: "finite-differences",
    unbiased: false,
    modules: [estimators],
    distribution: [],
    integrand: [],
    plan: ({ params }) => ({ value: 2 * sizeOf(params), gradient: 0, scratch: { coefficient: sizeOf(params) } }),
    bind: (p, site) => bind(p, site, step),
  };
  return estimator(withNoise("finiteDifferences", own, options.noise));
}

function bind(p: Distribution, site: Site, step: number): Bound<"coefficient"> {
  const { region, batch } = site;
  const size = sizeOf(p.params);
  const moved = reserveTheta(region, p, batch);
  const inverse = region.reserve(batch);
  return {
    propose({ kernels, rows, samples, theta, packed, hard, at, dim, bytes }, draw) {
      const [block, tile] = [rows * dim * bytes, theta.tile];
      let x = hard.x;
      kernels.arrayCopy(batch * size, packed, moved.params.at);
      eachEntry(p, batch, (name, entry, first, width) => {
        const own = strided(moved.params, first, width, batch);
        const ends = [step, -step].map((by) => {
          const end = own.move(by);
          checkMoved("finiteDifferences", p, moved.params, batch);
          p.prepare(kernels, moved.params.at, { batch, tile, at: moved.prepared.at });
          p.sample(kernels, draw(0), rows, { batch, tile, at: moved.prepared.at }, x);
          x += block;
          return end;
        });
        own.restore();
        inverse.view().set(Array.from({ length: batch }, (_, b) => oneOver(ends[0]![b]! - ends[1]![b]!, `${name}[${first % width}]`, ends[0]![b]!, step)));
        kernels.controlVariateSpreadOut(samples, batch, inverse.at, at.coefficient + entry * rows * bytes);
      });
    },
    combine({ kernels, rows, hard, at, total, bytes }) {
      kernels.measureValuedWeigh(size, rows, hard.value, at.coefficient, at.coefficient);
      kernels.arrayFill(hard.points * rows, 1 / hard.points, hard.weight);
      kernels.arrayFill(rows, 0, total);
      for (let point = 0; point < hard.points; point++) kernels.arrayAdd(rows, hard.value + point * rows * bytes, total);
      kernels.arrayScale(rows, 1 / hard.points, total);
    },
    terms({ kernels, rows: stride, at, bytes }, { first, rows }, terms) {
      eachPart(p.params, 1, (_, entry, width) => {
        kernels.measureValuedTerms(rows, width, stride, at.coefficient + (entry * stride + first) * bytes, terms + entry * rows * bytes);
      });
    },
  };
}

/** Every number of one problem's θ: its index among all, and where the first problem has it. */
function eachEntry(p: Distribution, batch: number, use: (name: string, entry: number, first: number, width: number) => void): void {
  eachPart(p.params, 1, (name, at, width) => {
    for (let j = 0; j < width; j++) use(name, at + j, at * batch + j, width);
  });
}

/** One number of θ in all problems of a packed array. */
function strided(packed: Field, first: number, width: number, batch: number) {
  const at = Array.from({ length: batch }, (_, b) => first + b * width);
  const before = at.map((i) => packed.view()[i]!);
  const put = (values: readonly number[]): void => at.forEach((i, b) => (packed.view()[i] = values[b]!));
  return {
    /** Adds to it, and tells what it is then in its precision. */
    move: (by: number): number[] => {
      put(before.map((value) => value + by));
      return at.map((i) => packed.view()[i]!);
    },
    restore: () => put(before),
  };
}

/** 1 / the step as the numbers have it; 0 for a parameter at infinity, which no step moves. */
function oneOver(difference: number, name: string, value: number, step: number): number {
  if (Number.isNaN(difference)) return 0;
  if (difference === 0) throw new RangeError(`finiteDifferences: "step" expected a number that is not lost beside ${name} = ${value}, got ${step}. Take a larger one.`);
  return 1 / difference;
}
