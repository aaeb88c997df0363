import type { Core } from "../core/core.ts";
import { finite, has, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { ControlVariate } from "../estimators/control-variate.ts";
import { type Key, keyed } from "../key.ts";
import type { Distribution, Shapes, Values } from "../vocabulary/distribution.ts";
import type { Definition } from "../vocabulary/estimator.ts";
import type { Lanes } from "../vocabulary/integrand.ts";
import { candidates, type Words } from "./candidates.ts";
import { now, pilotOf } from "./pilot.ts";
import { type Entrant, race, refused, warmOf } from "./race.ts";
import { ranked } from "./ranking.ts";
import { bound, type Subject } from "./reference.ts";
import { particlesOf } from "./quadrature.ts";

export interface AdviseOptions<S extends Shapes = Shapes> {
  /** Where the gradient is wanted: θ `[batch, …shape]`, shared parameters `[…shape]`. What is best here may not be best elsewhere. */
  readonly params: Values<S, Float64Array>;
  readonly key: Key;
  /**
   * Evaluations of f for each estimator, over all problems; 16,384 unless given. A gradient of f counts as one. Those that are clearly worse
   * are stopped after an eighth, a quarter or a half of them.
   */
  readonly evaluations?: number;
  /** Time for all pilots together: what has not begun by then is left out. No limit unless given. */
  readonly milliseconds?: number;
  /** Evaluations of f in one estimate of one problem, as they are to be in use: the samples follow from it; 64 unless given. */
  readonly budget?: number;
  readonly batch?: number;
  readonly context?: Lanes["context"];
  /** The estimators to compare, by the word that makes them; all unbiased ones of the package that the types allow unless given. */
  readonly estimators?: Readonly<Record<string, object>>;
  /** Whether the package's biased ones take part too; they are never called the best. False unless given. */
  readonly biased?: boolean;
  /** Control variates of your own, by name: each is tried alone, and all of them together. */
  readonly controlVariates?: Readonly<Record<string, ControlVariate<S>>>;
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
  /** Estimates that were looked at. */
  readonly rounds: number;
  /** Variance of one estimate, summed over the coordinates; plus the squared bias where it is not unbiased. */
  readonly variance: number;
  /** How far its mean is from the gradient, less what is only noise: 0 where it is unbiased. */
  readonly bias: number;
  /** Relative standard error of the variance. */
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
  /**
   * How many standard errors its mean is away from that of estimators that look at values of f alone, where that is beyond chance: f jumps, or
   * its slope is wrong. Then it is ranked below those that can be trusted. Else undefined.
   */
  readonly disagrees: number | undefined;
  /** Stopped before its evaluations were spent, as it was clearly worse than the best. */
  readonly early: boolean;
}

/** The estimators from the best to the worst, those that are biased or wrong after the others. Prints as a table with its reasons. */
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
 * baseline may hurt, the pathwise estimator may lose to the score function), so it measures. Expectations and importance bounds alike.
 *
 * All that the family and f allow take part; those that are clearly worse are stopped early. A first quarter of the pilots of those that
 * learn is not counted. Times differ from run to run; with `by: "evaluations"`, and no limit in milliseconds, the ranking depends on the key
 * alone.
 *
 * @throws {TypeError} if no estimator can work on the objective
 */
export function adviseOn(core: Core, objective: Subject["objective"], options: AdviseOptions): Advice {
  const caller = "advise";
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["params", "key", "evaluations", "milliseconds", "budget", "batch", "context", "estimators", "biased", "controlVariates", "by"]);
  const key = keyed(caller, options.key);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const budget = integer(caller, "budget", options.budget ?? 64, 2);
  const evaluations = integer(caller, "evaluations", options.evaluations ?? 16384, 32 * budget * batch);
  const milliseconds = options.milliseconds === undefined ? Infinity : finite(caller, "milliseconds", options.milliseconds, "a number > 0", (x) => x > 0);
  if (options.biased !== undefined && typeof options.biased !== "boolean") throw wrongKind(caller, "biased", "true or false", options.biased);
  if (options.by !== undefined && options.by !== "time" && options.by !== "evaluations") throw wrongValue(caller, "by", '"time" or "evaluations"', options.by);
  const words = wordsOf(objective, options, budget, batch);

  const subject = { objective, params: options.params, batch, context: options.context };
  const began = now();
  const over = (): boolean => now() - began > milliseconds;
  const late = (word: string) => ({ estimator: word, why: `advise: there was no time left after ${milliseconds} milliseconds` });
  const entrants: Entrant[] = [];
  const leftOut: { estimator: string; why: string }[] = [];
  try {
    for (const [word, by] of Object.entries(words)) {
      if (entrants.length > 0 && over()) {
        leftOut.push(late(word));
        continue;
      }
      try {
        entrants.push(entrant(core, subject, word, by as Any, { budget, evaluations, key }));
      } catch (error) {
        if (!refused(error)) throw error;
        leftOut.push({ estimator: word, why: error.message });
      }
    }
    if (entrants.length === 0) throw new TypeError(`advise: no estimator can work on this objective. ${[...new Set(leftOut.map(({ why }) => why))].join(" ")}`);
    const { standings, unrun } = race(entrants, { evaluations, over, by: options.by ?? "time" });
    return ranked(standings, [...leftOut, ...unrun.map(({ word, why }) => (why === undefined ? late(word) : { estimator: word, why }))], options.by);
  } finally {
    for (const { pilot } of entrants) pilot.dispose();
  }
}

type Any = Definition<object, object, string>;

/** The user's estimators, or those of the package for this kind of objective. */
function wordsOf(objective: Subject["objective"], { estimators, context = {}, controlVariates = {}, biased = false }: AdviseOptions, budget: number, batch: number): Words {
  const widths = Object.fromEntries(Object.entries(context).map(([name, { length }]) => [name, Math.floor(length / batch)]));
  const { dim, parts = {} } = objective.distribution as Distribution & { readonly parts?: Readonly<Record<string, Distribution>> };
  const words = estimators ?? candidates({ kind: objective.kind, budget, dim, context: widths, controls: controlVariates, biased, parts });
  if (typeof words !== "object" || Object.keys(words).length === 0) throw wrongKind("advise", "estimators", "estimators by name", words);
  for (const [word, by] of Object.entries(words)) if (!has("plan", by)) throw wrongKind("advise", `estimators.${word}`, "an estimator", by);
  return words;
}

/** The fewest estimates that say anything about a variance. */
const FEWEST = 12;

/** The estimator with as many samples as the budget pays for, one estimate of it done. */
function entrant(core: Core, subject: Subject, word: string, given: Any, { budget, evaluations, key }: { budget: number; evaluations: number; key: Key }): Entrant {
  const { objective, batch, params, context } = subject;
  const by = given.bound !== undefined && objective.kind === "importance-bound" ? (given.bound as unknown as Any) : given;
  const distribution = objective.distribution as Distribution & { readonly family?: Distribution };
  const family = (distribution.family ?? distribution) as Distribution & Readonly<Record<string, unknown>>;
  // Says what is lacking, before a plan is asked that counts on it.
  if ((by.kind ?? "expectation") !== objective.kind || by.distribution.some((property) => family[property] === undefined)) bound(core, subject, given, 2).dispose();
  const { value, gradient, least = 1, exact = false } = by.plan(family as never, budget, { particles: particlesOf(objective), integrand: objective.integrand });
  const samples = exact ? 1 : Math.max(least, Math.floor(budget / (value + gradient)), 1);
  const each = (value + gradient) * samples * batch;
  const needed = (exact ? 1 : FEWEST) * each;
  if (needed > evaluations) throw new RangeError(`${by.name}: one estimate takes ${each} evaluations of f: raise "evaluations" to ${needed}`);
  const careful = !by.integrand.some((property) => property === "differentiable" || property === "twice");
  const pilot = pilotOf(bound(core, subject, given, samples), { params, context, key, warm: warmOf(evaluations) });
  return { word, unbiased: by.unbiased, careful, exact, samples, pilot };
}
