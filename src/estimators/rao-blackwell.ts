import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { has, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Binary, Centred, Distribution } from "../vocabulary/distribution.ts";
import { type Bound, type Estimator, estimator, type Site } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { estimators } from "../wasm/modules.ts";

export interface RaoBlackwellOptions {
  /** Which coordinates are summed over, by index; each doubles the evaluations of f. */
  readonly coordinates: readonly number[];
  /** Of the mean of f over those coordinates, for the score of the others; `leaveOneOut()` unless given. */
  readonly baseline?: Baseline;
}

const MOST = 16;

/**
 * Rao–Blackwell over some coordinates: all 2ᵐ values of the m chosen ones are summed over exactly, for each sample of the others.
 *
 * Unbiased for any f; the noise of the chosen coordinates is gone from every term, and their own gradient is exact given the others. 2ᵐ
 * evaluations of f per sample. With all coordinates it is `enumerate()`. Casella & Robert 1996; Titsias & Lázaro-Gredilla 2015.
 *
 * *Requirements*: `p` is binary (`bernoulli`); f its values.
 *
 * @throws {TypeError} if `coordinates` is no array of numbers
 * @throws {RangeError} if a coordinate is no index of the draw, comes twice, or there are more than 16
 */
export function raoBlackwell(options: RaoBlackwellOptions): Estimator<Binary & Centred, Integrand> {
  const caller = "raoBlackwell";
  onlyOptions(caller, options, ["coordinates", "baseline"]);
  const { coordinates: given, baseline = leaveOneOut() } = options;
  if (!Array.isArray(given) || given.length === 0) throw wrongKind(caller, "coordinates", "an array of indices, one at least", given);
  if (given.length > MOST) throw wrongValue(caller, "coordinates", `at most ${MOST}`, String(given.length), "Each doubles the evaluations of f.");
  if (new Set(given).size < given.length) throw wrongValue(caller, "coordinates", "each index once", `[${given.join(", ")}]`);
  if (!has("bind", baseline)) throw wrongKind(caller, "baseline", "a baseline", baseline, "For a number use constant(number).");
  const coordinates = given.slice() as readonly number[];
  return estimator<Binary & Centred, Integrand, Scratch>({
    name: "rao-blackwell",
    unbiased: true,
    modules: [estimators],
    distribution: ["mutual", "centre"],
    integrand: [],
    plan: ({ dim }) => {
      const stray = coordinates.find((j) => !Number.isInteger(j) || j < 0 || j >= dim);
      if (stray !== undefined) throw wrongValue(caller, "coordinates", `indices in 0 … ${dim - 1}`, stray);
      const points = 2 ** coordinates.length;
      return { value: points, gradient: 0, scratch: { coefficient: points, baseline: 1 }, least: baseline.least };
    },
    bind: (p, site) => bind(p, site, coordinates, baseline),
  });
}

type Scratch = "coefficient" | "baseline";

function bind(p: Distribution & Binary & Centred, site: Site, coordinates: readonly number[], baseline: Baseline): Bound<Scratch> {
  const { region, batch } = site;
  const b = baseline.bind(site);
  const m = coordinates.length;
  const indices = region.reserve(m, "f32");
  const probs = region.reserve(batch * p.dim);
  return {
    propose({ kernels, rows, theta, hard, dim }, draw) {
      p.sample(kernels, draw(0), rows, theta, hard.x);
      kernels.raoBlackwellSpread(rows, dim, m, indices.at, hard.x);
    },
    combine(work) {
      const { kernels, rows, theta, hard, at, dim, total } = work;
      p.centre.mean(kernels, theta, probs.at);
      kernels.raoBlackwellAverage(rows, batch, dim, m, indices.at, probs.at, hard.value, hard.weight, total);
      b.predict(work, total, at.baseline);
      kernels.raoBlackwellWeigh(rows, hard.points, hard.value, at.baseline, hard.weight, at.coefficient);
    },
    // The score of a chosen coordinate times its weight sums to 0 over its values, so the baseline touches the others alone.
    terms({ kernels, rows: all, theta, hard, at, dim, bytes }, { first, rows }, terms) {
      for (let point = 0; point < hard.points; point++) {
        const row = point * all + first;
        p.score(kernels, rows, theta, hard.x + row * dim * bytes, at.coefficient + row * bytes, terms);
      }
    },
    ...(b.learn && { learn: (work) => b.learn!(work, work.total) }),
    begin() {
      new Int32Array(region.core.heap.buffer(), indices.at, m).set(coordinates);
      b.begin?.();
    },
  };
}
