import { wrongValue } from "../errors.ts";
import type { Advice, Advised } from "./advise.ts";
import { printed } from "./printed.ts";
import { expenseOf, pooledOf, type Standing, trusted } from "./race.ts";

/** From the best to the worst: first those whose mean is the gradient, then the others, each by expense. */
export function ranked(standings: readonly Standing[], leftOut: Advice["leftOut"], wanted: Advice["by"] | undefined): Advice {
  const by = wanted ?? (clocked(standings) ? "time" : "evaluations");
  if (by === "time" && !clocked(standings)) throw wrongValue("advise", "by", '"evaluations", as there is no clock here', "time");
  const exactFirst = [...standings].sort((a, b) => Number(b.exact) - Number(a.exact));
  const rows = exactFirst.map((standing) => measured(standing, standings, by)).sort((a, b) => Number(trusted(b)) - Number(trusted(a)) || a.expense - b.expense || a.evaluations - b.evaluations);
  const best = rows[0]!;
  const ranking = rows.map((row): Advised => {
    const ratio = row.expense === best.expense ? 1 : row.expense / best.expense;
    return { ...row, ratio, tied: trusted(row) && (ratio === 1 || (ratio - 1) / ratio < 2 * Math.sqrt(row.uncertainty * row.uncertainty + best.uncertainty * best.uncertainty)) };
  });
  const advice = { best: best.estimator, by, ranking, leftOut };
  return Object.defineProperty(advice, "toString", { value: () => printed(advice) });
}

export const clocked = (standings: readonly Standing[]): boolean => standings.every(({ seen }) => seen.milliseconds > 0);

function measured(standing: Standing, all: readonly Standing[], by: Advice["by"]): Omit<Advised, "ratio" | "tied"> {
  const { word, unbiased, samples, pilot, seen, early, disagrees } = standing;
  const bias = trusted(standing) ? 0 : biasOf(standing, all);
  const variance = seen.variance + bias * bias;
  const { rounds, uncertainty, milliseconds } = seen;
  return { estimator: word, samples, evaluations: pilot.evaluations, rounds, variance, bias, uncertainty, milliseconds, expense: expenseOf(variance, seen, standing, by), unbiased, disagrees, early };
}

/** The distance of its mean from that of those that can be trusted, less what is only noise: 0 where it may be nothing else. */
function biasOf(standing: Standing, all: readonly Standing[]): number {
  const honest = all.filter(trusted);
  if (honest.length === 0) return 0;
  const { mean, variances } = pooledOf(honest, (entrant) => (entrant as Standing).seen);
  const { seen } = standing;
  const noise = mean.map((_, j) => variances[j]! + seen.variances[j]! / seen.rounds);
  const square = mean.reduce((sum, own, j) => sum + (own - seen.mean[j]!) * (own - seen.mean[j]!) - noise[j]!, 0);
  const chance = 3 * Math.sqrt(noise.reduce((sum, own) => sum + 2 * own * own, 0)); // the spread of a sum of squared normal numbers
  return square > chance ? Math.sqrt(square) : 0;
}
