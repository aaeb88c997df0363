import type { Core } from "../core/core.ts";
import { has, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Gradient } from "../estimate.ts";
import { gradientOn } from "../gradient.ts";
import { type Key, keyed } from "../key.ts";
import type { Distribution, Shapes, Values } from "../vocabulary/distribution.ts";
import type { Definition } from "../vocabulary/estimator.ts";
import type { Integrand, Lanes } from "../vocabulary/integrand.ts";
import type { Expectation } from "../vocabulary/objective.ts";
import { candidates } from "./candidates.ts";
import { type Pilot, pilotOf } from "./pilot.ts";
import { printed } from "./printed.ts";

export interface AdviseOptions<S extends Shapes = Shapes> {
  /** Where the gradient is wanted: θ `[batch, …shape]`, shared parameters `[…shape]`. What is best here may not be best elsewhere. */
  readonly params: Values<S, Float64Array>;
  readonly key: Key;
  /** Evaluations of f for each estimator, over all problems; 16,384 unless given. A gradient of f counts as one. */
  readonly evaluations?: number;
  /** Evaluations of f in one estimate of one problem, as they are to be in use: the samples follow from it; 64 unless given. */
  readonly budget?: number;
  readonly batch?: number;
  readonly context?: Lanes["context"];
  /** The estimators to compare, by the word that makes them; all unbiased ones of the package unless given. */
  readonly estimators?: Readonly<Record<string, object>>;
  /** What is dear: "time" as it is measured here, or "evaluations" of f. Time where there is a clock, unless given. */
  readonly by?: "time" | "evaluations";
}

/** An estimator and what its pilots have shown. */
export interface Advised {
  /** The word that makes it: `disarm()`. */
  readonly estimator: string;
  /** Samples of one estimate within the budget, and its evaluations of f. */
  readonly samples: number;
  readonly evaluations: number;
  /** Variance of one estimate, summed over the coordinates; plus the squared bias where it is not unbiased. */
  readonly variance: number;
  /** Its relative standard error. */
  readonly uncertainty: number;
  /** Milliseconds of one estimate; NaN without a clock. */
  readonly milliseconds: number;
  /** variance · cost, cost in milliseconds or evaluations: what it takes to reach a given precision, to be compared. */
  readonly expense: number;
  /** How many times the least expense this is. */
  readonly ratio: number;
  /** Not told apart from the best: their expenses are within two standard errors. */
  readonly tied: boolean;
  readonly unbiased: boolean;
}

/** The estimators from the best to the worst, for this objective at these parameters. Prints as a table with its reasons. */
export interface Advice {
  readonly best: string;
  readonly by: "time" | "evaluations";
  readonly ranking: readonly Advised[];
  /** Which could not take part, and why. */
  readonly leftOut: readonly { readonly estimator: string; readonly why: string }[];
  toString(): string;
}

/**
 * Tries estimators on your own objective and ranks them by measured variance × cost at equal evaluations of f: rules of thumb fail (a
 * baseline may hurt, the pathwise estimator may lose to the score function), so it measures.
 *
 * A first quarter of each pilot is for those that learn, and is not counted. Times differ from run to run; with `by: "evaluations"` the
 * ranking depends on the key alone.
 */
export function adviseOn(core: Core, objective: Expectation<object, Integrand>, options: AdviseOptions): Advice {
  const caller = "advise";
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["params", "key", "evaluations", "budget", "batch", "context", "estimators", "by"]);
  const key = keyed(caller, options.key);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const budget = integer(caller, "budget", options.budget ?? 64, 2);
  const evaluations = integer(caller, "evaluations", options.evaluations ?? 16384, 32 * budget * batch);
  if (options.by !== undefined && options.by !== "time" && options.by !== "evaluations") throw wrongValue(caller, "by", '"time" or "evaluations"', options.by);
  const words = options.estimators ?? candidates();
  if (typeof words !== "object" || Object.keys(words).length === 0) throw wrongKind(caller, "estimators", "estimators by name", words);

  const pilots: Pilot[] = [];
  const leftOut: { estimator: string; why: string }[] = [];
  for (const [word, by] of Object.entries(words)) {
    if (!has("plan", by)) throw wrongKind(caller, `estimators.${word}`, "an estimator", by);
    try {
      pilots.push(pilotOf(bound(core, objective, by, budget, batch), word, by as Definition<object, object, string>, { ...options, key, evaluations }));
    } catch (error) {
      if (!refused(error)) throw error;
      leftOut.push({ estimator: word, why: error.message });
    }
  }
  if (pilots.length === 0) throw new TypeError(`advise: no estimator can work on this objective. ${leftOut.map(({ why }) => why).join(" ")}`);
  return ranked(pilots, leftOut, options.by);
}

/** A TypeError or a RangeError of `gradient` says what an estimator lacks; anything that f throws goes on. */
const refused = (error: unknown): error is Error => (error instanceof TypeError || error instanceof RangeError) && !/^(estimate|combine):/.test(error.message);

interface Bound {
  readonly grad: Gradient<Shapes, Shapes, Float64Array>;
  readonly samples: number;
}

/** The estimator with as many samples as the budget pays for. */
function bound(core: Core, objective: Expectation<object, Integrand>, by: object, budget: number, batch: number): Bound {
  const distribution = objective.distribution as Distribution & { readonly family?: Distribution };
  const make = (samples: number) => gradientOn(core, objective as never, by as never, { samples, batch }) as unknown as Bound["grad"];
  make(2).dispose(); // says what is lacking, before the plan is asked
  const { value, gradient, least = 1, exact = false } = (by as Definition<object, object, string>).plan((distribution.family ?? distribution) as never, budget, { particles: 1, integrand: objective.integrand });
  const samples = exact ? 1 : Math.max(least, Math.floor(budget / (value + gradient)), 1);
  return { grad: make(samples), samples };
}

function ranked(pilots: readonly Pilot[], leftOut: Advice["leftOut"], wanted: Advice["by"] | undefined): Advice {
  const clock = pilots.every(({ milliseconds }) => milliseconds > 0);
  const by = wanted ?? (clock ? "time" : "evaluations");
  if (by === "time" && !clock) throw wrongValue("advise", "by", '"evaluations", as there is no clock here', "time");
  const unbiasedMean = pooledMean(pilots);
  const rows = pilots.map((pilot) => {
    const bias = pilot.unbiased ? 0 : pilot.mean.reduce((sum, own, i) => sum + (own - unbiasedMean[i]!) * (own - unbiasedMean[i]!), 0);
    const variance = pilot.variance + bias;
    const { word, samples, evaluations, uncertainty, milliseconds, unbiased } = pilot;
    return { estimator: word, samples, evaluations, variance, uncertainty, milliseconds, unbiased, expense: variance * (by === "time" ? milliseconds : evaluations) };
  });
  rows.sort((a, b) => a.expense - b.expense || a.evaluations - b.evaluations);
  const best = rows[0]!;
  const ranking = rows.map((row): Advised => {
    const ratio = row.expense === best.expense ? 1 : row.expense / best.expense;
    return { ...row, ratio, tied: ratio === 1 || (ratio - 1) / ratio < 2 * Math.sqrt(row.uncertainty * row.uncertainty + best.uncertainty * best.uncertainty) };
  });
  const advice = { best: best.estimator, by, ranking, leftOut };
  return Object.defineProperty(advice, "toString", { value: () => printed(advice) });
}

/** The mean of the unbiased estimators, each weighed by its precision; of all if none is unbiased. */
function pooledMean(pilots: readonly Pilot[]): readonly number[] {
  const honest = pilots.some(({ unbiased }) => unbiased) ? pilots.filter(({ unbiased }) => unbiased) : pilots;
  const exact = honest.find(({ variance }) => variance === 0);
  if (exact !== undefined) return exact.mean;
  const weights = honest.map(({ variance, rounds }) => rounds / variance);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return honest[0]!.mean.map((_, i) => honest.reduce((sum, { mean }, p) => sum + (mean[i]! * weights[p]!) / total, 0));
}
