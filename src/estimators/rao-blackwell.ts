import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { none } from "../baselines/none.ts";
import { setwise } from "../baselines/setwise.ts";
import type { Composite } from "../distributions/joint.ts";
import { placements } from "../distributions/parts.ts";
import { has, listed, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Distribution, Invertible, Separable, Variable } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type Site } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { withNoise } from "./point-sets.ts";
import { estimators } from "../wasm/modules.ts";

export interface RaoBlackwellOptions {
  /**
   * What is summed over: columns of the draw by index, or parts of a `joint` by name. A variable of several columns (a one-hot row) is chosen
   * by any of them. Each multiplies the evaluations of f by the number of its values; 65,536 together at most.
   */
  readonly coordinates: readonly (number | string)[];
  /** Of the mean of f over those coordinates, for the score of the others; `leaveOneOut()` unless given. */
  readonly baseline?: Baseline;
  /** Point sets to draw the others from, one to a sample: `sobol({ points: 64 })`. Independent points unless given. */
  readonly noise?: Noise;
}

const MOST = 65_536;
const CALLER = "raoBlackwell";

/**
 * Rao–Blackwell over some coordinates: all combinations of the values of the chosen ones are summed over exactly, for each sample of the
 * others.
 *
 * Unbiased for any f; the noise of the chosen coordinates is gone from every term, and their own gradient is exact given the others. As many
 * evaluations of f per sample as there are combinations: 2 for a coin, k for a choice among k, n + 1 for a count up to n, multiplied. With
 * all coordinates it is `enumerate()`, without noise. Casella & Robert 1996; Titsias & Lázaro-Gredilla 2015.
 *
 * *Requirements*: `p` has a score, and its chosen coordinates are independent of the others, with values that can be counted through:
 * `bernoulli`, `categorical`, `oneHotCategorical`, `binomial`, `multinomial`, `plackettLuce`, and `independent` or `joint` families of which some
 * are (the others may be of any kind); f its values.
 *
 * @throws {TypeError} if `coordinates` is no array of indices and names
 * @throws {RangeError} if a coordinate is no index of the draw, comes twice, cannot be counted through, or there are too many combinations
 */
export function raoBlackwell(options: RaoBlackwellOptions & { readonly noise: Noise }): Estimator<Separable & Invertible, Integrand>;
export function raoBlackwell(options: RaoBlackwellOptions): Estimator<Separable, Integrand>;
export function raoBlackwell(options: RaoBlackwellOptions): Estimator<never, Integrand> {
  onlyOptions(CALLER, options, ["coordinates", "baseline", "noise"]);
  const { coordinates: given, noise } = options;
  if (!Array.isArray(given) || given.length === 0) throw wrongKind(CALLER, "coordinates", "an array of indices, one at least", given);
  if (new Set(given).size < given.length) throw wrongValue(CALLER, "coordinates", "each index once", `[${given.join(", ")}]`);
  if (options.baseline !== undefined && !has("bind", options.baseline)) throw wrongKind(CALLER, "baseline", "a baseline", options.baseline, "For a number use constant(number).");
  const baseline = noise === undefined ? (options.baseline ?? leaveOneOut()) : setwise(options.baseline ?? leaveOneOut());
  const coordinates = given.slice() as readonly (number | string)[];
  const own: Definition<Separable, Integrand, Scratch> = {
    name: "rao-blackwell",
    unbiased: true,
    modules: [estimators],
    distribution: ["score", "variable"],
    integrand: [],
    plan: (p) => {
      const chosen = chosenOf(p, coordinates);
      const points = pointsOf(chosen);
      return { value: points, gradient: 0, scratch: { coefficient: points, baseline: 1 }, exact: isWhole(p, chosen), least: baseline.least };
    },
    bind: (p, site) => {
      const chosen = chosenOf(p, coordinates);
      return bind(p, site, chosen, isWhole(p, chosen) ? none() : baseline);
    },
  };
  return estimator(withNoise(CALLER, own, noise));
}

type Scratch = "coefficient" | "baseline";

const pointsOf = (chosen: readonly Variable[]): number => chosen.reduce((product, { size }) => product * size, 1);

/** Nothing is left to be drawn. */
const isWhole = ({ dim }: Distribution, chosen: readonly Variable[]): boolean => chosen.reduce((sum, { width }) => sum + width, 0) === dim;

/** The variables that the coordinates are of, each once. */
function chosenOf(p: Separable & Distribution, coordinates: readonly (number | string)[]): readonly Variable[] {
  const chosen = new Map<number, Variable>();
  for (const column of coordinates.flatMap((coordinate) => (typeof coordinate === "string" ? columnsOf(p, coordinate) : [coordinate]))) {
    if (!Number.isInteger(column) || column < 0 || column >= p.dim) throw wrongValue(CALLER, "coordinates", `indices in 0 … ${p.dim - 1}`, column);
    const variable = p.variable(column);
    if (variable === undefined) throw wrongValue(CALLER, "coordinates", `coordinates whose values ${p.name} can count through`, column, "Leave it out: it is drawn.");
    chosen.set(variable.column, variable);
  }
  const all = [...chosen.values()];
  if (pointsOf(all) > MOST) throw wrongValue(CALLER, "coordinates", `at most ${MOST} combinations of their values`, pointsOf(all), "Choose fewer: f is evaluated at each.");
  return all;
}

/** The columns of a part. */
function columnsOf(p: Distribution & Partial<Composite>, name: string): readonly number[] {
  const part = p.parts && placements(p.parts).find((each) => each.name === name);
  if (part === undefined) throw wrongValue(CALLER, "coordinates", p.parts ? `parts of the joint family, ${listed(Object.keys(p.parts))}` : "indices, as there are no parts to be named", `"${name}"`);
  return Array.from({ length: part.p.dim }, (_, j) => part.column + j);
}

function bind(p: Distribution & Separable, site: Site, chosen: readonly Variable[], baseline: Baseline): Bound<Scratch> {
  const { region, batch } = site;
  const b = baseline.bind(site);
  const points = pointsOf(chosen);
  let before = 1;
  const variables = chosen.map((variable) => {
    const { size, width } = variable;
    const stride = before;
    before *= size;
    return { variable, stride, values: region.reserve(size * width), logs: region.reserve(size * batch), room: region.reserve(variable.room(batch)) };
  });
  const probs = region.reserve(points * batch);
  return {
    propose({ kernels, rows, theta, hard, dim, bytes }, draw) {
      p.sample(kernels, draw(0), rows, theta, hard.x);
      for (let point = 1; point < points; point++) kernels.arrayCopy(rows * dim, hard.x, hard.x + point * rows * dim * bytes);
      for (const { variable: { column, width, size }, stride, values } of variables) kernels.raoBlackwellSpread(rows, dim, column, width, size, stride, points, values.at, hard.x);
    },
    combine(work) {
      const { kernels, rows, theta, hard, at, total } = work;
      kernels.arrayFill(points * batch, 1, probs.at);
      for (const { variable, stride, logs, room } of variables) {
        variable.logProb(kernels, theta, room.at, logs.at);
        kernels.raoBlackwellWeight(batch, variable.size, stride, points, logs.at, probs.at);
      }
      kernels.raoBlackwellAverage(rows, batch, points, probs.at, hard.value, hard.weight, total);
      b.predict(work, total, at.baseline);
      kernels.raoBlackwellWeigh(rows, points, hard.value, at.baseline, hard.weight, at.coefficient);
    },
    // The score of a chosen coordinate times its weight sums to 0 over its values, so the baseline touches the others alone.
    terms({ kernels, rows: all, theta, hard, at, dim, bytes }, { first, rows }, terms) {
      for (let point = 0; point < points; point++) {
        const row = point * all + first;
        p.score(kernels, rows, theta, hard.x + row * dim * bytes, at.coefficient + row * bytes, terms);
      }
    },
    ...(b.learn && { learn: (work) => b.learn!(work, work.total) }),
    begin() {
      for (const { variable, values } of variables) variable.enumerate(region.core.kernels[region.precision], values.at);
      b.begin?.();
    },
  };
}
