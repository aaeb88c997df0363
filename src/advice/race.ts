import type { Pilot, Seen } from "./pilot.ts";

/** An estimator that takes part. */
export interface Entrant {
  readonly word: string;
  readonly unbiased: boolean;
  /** Whether it looks at the values of f alone: then it cannot be wrong about an f that jumps. */
  readonly careful: boolean;
  readonly exact: boolean;
  readonly samples: number;
  readonly pilot: Pilot;
}

/** What is known of it. */
export interface Standing extends Entrant {
  readonly seen: Seen;
  /** It was stopped before its share was spent, as it was clearly worse than the best. */
  readonly early: boolean;
  /** How many standard errors its mean lies from that of the careful ones, where that is too many; else undefined. */
  readonly disagrees: number | undefined;
}

/** Whether its mean is the gradient, as far as is known. */
export const trusted = ({ unbiased, disagrees }: Pick<Standing, "unbiased" | "disagrees">): boolean => unbiased && disagrees === undefined;

export interface RaceOptions {
  /** Evaluations of f for each that stays to the end. */
  readonly evaluations: number;
  /** Whether the time is over. */
  readonly over: () => boolean;
  readonly by: "time" | "evaluations";
}

/** Shares of the evaluations after which those that are clearly worse drop out. */
const STAGES = [1 / 8, 1 / 4, 1 / 2, 1];
const LEAST_ROUNDS = 12;

/**
 * Successive halving: everyone gets an eighth of the evaluations; who is then worse than twice the best by three standard errors drops
 * out; the others go on to twice as many. Those that learn run to the end, as they may be worse at first only. Karnin, Koren & Somekh 2013.
 */
export function race(entrants: readonly Entrant[], options: RaceOptions): { readonly standings: readonly Standing[]; readonly unrun: readonly { readonly word: string; readonly why: string | undefined }[] } {
  const seen = new Map<Entrant, Seen>();
  const dropped = new Set<Entrant>();
  const failed = new Map<Entrant, string>();
  for (const share of STAGES) {
    for (const entrant of entrants) {
      if (dropped.has(entrant) || failed.has(entrant) || (seen.size > 0 && options.over())) continue;
      if (seen.has(entrant) && (entrant.exact || entrant.pilot.learns)) continue;
      try {
        seen.set(entrant, entrant.pilot.upTo(roundsOf(entrant, options.evaluations, entrant.pilot.learns ? 1 : share)));
      } catch (error) {
        if (!refused(error)) throw error;
        failed.set(entrant, error.message);
        seen.delete(entrant);
      }
    }
    if (share < 1) drop(entrants.filter((entrant) => seen.has(entrant) && !dropped.has(entrant)), seen, options.by, dropped);
  }
  const run = entrants.filter((entrant) => seen.has(entrant));
  if (run.length === 0) throw new TypeError(`advise: no estimator can work on this objective. ${[...new Set(failed.values())].join(" ")}`);
  const standings = run.map((entrant): Standing => ({ ...entrant, seen: seen.get(entrant)!, early: dropped.has(entrant), disagrees: disagreement(entrant, run, seen) }));
  return { standings, unrun: entrants.filter((entrant) => !seen.has(entrant)).map((entrant) => ({ word: entrant.word, why: failed.get(entrant) })) };
}

/**
 * Whether an error says what an estimator lacks, or that f was not finite where this estimator asked. Arguments that are wrong (named in
 * quotes) are wrong for all, and what f throws is the user's own.
 */
export const refused = (error: unknown): error is Error => (error instanceof TypeError || error instanceof RangeError) && /^[\w-]+: /.test(error.message) && !/^(estimate|combine): "/.test(error.message);

/** Estimates that count: three quarters of what the evaluations pay for. */
function roundsOf({ exact, pilot }: Entrant, evaluations: number, share: number): number {
  if (exact) return 2;
  return Math.max(LEAST_ROUNDS, Math.floor((0.75 * share * evaluations) / pilot.evaluations));
}

/** Estimates that do not count: a quarter where it learns, else what warms the machine up. */
export const warmOf = (evaluations: number) => (each: number, learns: boolean): number => (learns ? Math.max(3, Math.floor((0.25 * evaluations) / each)) : 2);

/** variance · cost */
export const expenseOf = (variance: number, { milliseconds }: Seen, { pilot }: Entrant, by: RaceOptions["by"]): number =>
  variance * (by === "time" ? milliseconds : pilot.evaluations);

function drop(running: readonly Entrant[], seen: ReadonlyMap<Entrant, Seen>, by: RaceOptions["by"], dropped: Set<Entrant>): void {
  const clocked = by === "time" && running.every((entrant) => seen.get(entrant)!.milliseconds > 0) ? "time" : "evaluations";
  const between = (entrant: Entrant, deviations: number): number => {
    const own = seen.get(entrant)!;
    return expenseOf(own.variance * Math.max(0, 1 + deviations * own.uncertainty), own, entrant, clocked);
  };
  const honest = running.filter((entrant) => entrant.unbiased && (entrant.exact || seen.get(entrant)!.variance > 0) && disagreement(entrant, running, seen) === undefined);
  const best = honest.reduce((least, entrant) => Math.min(least, between(entrant, 3)), Infinity);
  for (const entrant of running) if (!entrant.exact && !entrant.pilot.learns && between(entrant, -3) > 2 * best) dropped.add(entrant);
}

/** A mean with the variance of its coordinates. */
export interface Pooled {
  readonly mean: readonly number[];
  readonly variances: readonly number[];
}

/** The mean of several estimators, each weighed by its precision; that of an exact one, where there is one. */
export function pooledOf(all: readonly Entrant[], seen: (entrant: Entrant) => Seen): Pooled {
  const exact = all.find((entrant) => entrant.exact);
  if (exact !== undefined) return { mean: seen(exact).mean, variances: seen(exact).mean.map(() => 0) };
  // No variance at all may also be a rare event that was not seen: the others know more.
  const noisy = all.filter((entrant) => seen(entrant).variance > 0);
  if (noisy.length === 0) return { mean: seen(all[0]!).mean, variances: seen(all[0]!).variances };
  const weights = noisy.map((entrant) => seen(entrant).rounds / seen(entrant).variance);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const summed = (of: (own: Seen, j: number, share: number) => number): number[] =>
    seen(noisy[0]!).mean.map((_, j) => noisy.reduce((sum, entrant, e) => sum + of(seen(entrant), j, weights[e]! / total), 0));
  return { mean: summed((own, j, share) => share * own.mean[j]!), variances: summed((own, j, share) => (share * share * own.variances[j]!) / own.rounds) };
}

/** Standard errors that no honest estimator is away from another, in any of a few hundred coordinates. */
const FAR = 6;

function disagreement(entrant: Entrant, all: readonly Entrant[], seen: ReadonlyMap<Entrant, Seen>): number | undefined {
  const careful = all.filter((one) => one.careful && one.unbiased);
  if (!entrant.unbiased || entrant.careful || careful.length === 0) return undefined;
  const pooled = pooledOf(careful, (one) => seen.get(one)!);
  const own = seen.get(entrant)!;
  const z = own.mean.map((mean, j) => {
    const error = Math.sqrt(own.variances[j]! / own.rounds + pooled.variances[j]!);
    return Math.abs(mean - pooled.mean[j]!) / Math.max(error, 1e-9 * (1 + Math.abs(mean)));
  });
  const worst = z.reduce((most, one) => Math.max(most, one), 0);
  return worst > FAR ? worst : undefined;
}
