import type { Advice, Advised } from "./advise.ts";
import { table } from "./table.ts";

/** The ranking as a table, the reason for it, and what was left out. */
export function printed({ best, by, ranking, leftOut }: Omit<Advice, "toString">): string {
  const timed = ranking.every(({ milliseconds }) => milliseconds > 0);
  const head = ["estimator", "samples", "evaluations", "variance", "±", ...(timed ? ["ms"] : []), `variance × ${by}`, ""];
  const rows = ranking.map((row) => [
    row.estimator,
    String(row.samples),
    String(row.evaluations),
    row.variance.toPrecision(3),
    `${(100 * row.uncertainty).toFixed(0)} %`,
    ...(timed ? [row.milliseconds.toPrecision(2)] : []),
    times(row),
    [row.tied && row.estimator !== best ? "not told apart from the best" : "", row.unbiased ? "" : "biased: its square is in the variance"].filter(Boolean).join("; "),
  ]);
  const why = leftOut.map(({ estimator, why }) => `${estimator} is left out. ${why}`);
  return [`Take ${best}: ${reason(ranking, by)}`, table(head, rows), ...why].join("\n");
}

const times = ({ ratio, expense }: Advised): string => (ratio === 1 ? "1 ×" : Number.isFinite(ratio) ? `${ratio.toPrecision(3)} ×` : expense.toPrecision(3));

function reason([first, second]: readonly Advised[], by: Advice["by"]): string {
  if (first!.variance === 0) return "it has no noise here.";
  if (second === undefined) return "nothing else can work on this objective.";
  const price = by === "time" ? "time" : "evaluations of f";
  const share = `${second.ratio.toPrecision(3)} times the ${price}`;
  return second.tied ? `nothing is better; ${second.estimator} is not told apart from it.` : `for the same precision the next best, ${second.estimator}, takes ${share}.`;
}
