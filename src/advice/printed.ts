import type { Advice, Advised } from "./advise.ts";
import { trusted } from "./race.ts";
import { table } from "./table.ts";

/** The ranking as a table, the reason for it, and what was left out. */
export function printed({ best, by, ranking, leftOut }: Omit<Advice, "toString">): string {
  const timed = ranking.every(({ milliseconds }) => milliseconds > 0);
  const head = ["estimator", "samples", "evaluations", "variance", "±", ...(timed ? ["ms"] : []), `variance × ${by}`];
  const rows = ranking.map((row) => [
    row.estimator,
    String(row.samples),
    String(row.evaluations),
    row.variance.toPrecision(3),
    `${(100 * row.uncertainty).toFixed(0)} %`,
    ...(timed ? [row.milliseconds.toPrecision(2)] : []),
    times(row),
  ]);
  const lines = table(head, rows).split("\n").map((line, i) => (i === 0 ? line : [line, remarks(ranking[i - 1]!, best)].filter(Boolean).join("  ")));
  return [`Take ${best}: ${reason(ranking, by)}`, ...cheaper(ranking, by), ...lines, ...omitted(leftOut)].join("\n");
}

const times = ({ ratio, expense }: Advised): string => (ratio === 1 ? "1 ×" : Number.isFinite(ratio) ? `${ratio.toPrecision(3)} ×` : expense.toPrecision(3));

function remarks({ estimator, tied, unbiased, bias, disagrees, early }: Advised, best: string): string {
  return [
    tied && estimator !== best ? "not told apart from the best" : "",
    disagrees === undefined ? "" : `wrong here: ${disagrees.toFixed(0)} standard errors from those that need no slope of f`,
    unbiased ? "" : bias > 0 ? `biased by ${bias.toPrecision(2)}: its square is in the variance` : "biased, though it does not show",
    early ? "stopped early" : "",
  ].filter(Boolean).join("; ");
}

function reason(ranking: readonly Advised[], by: Advice["by"]): string {
  const [first, second] = ranking.filter(trusted);
  if (first === undefined) return "nothing here is unbiased.";
  if (first.variance === 0) return "it has no noise here.";
  if (second === undefined) return "nothing else that is unbiased can work on this objective.";
  const price = by === "time" ? "time" : "evaluations of f";
  const share = `${second.ratio.toPrecision(3)} times the ${price}`;
  return second.tied ? `nothing is better; ${second.estimator} is not told apart from it.` : `for the same precision the next best, ${second.estimator}, takes ${share}.`;
}

/** What is biased and would be cheaper, if one can live with that. */
function cheaper(ranking: readonly Advised[], by: Advice["by"]): readonly string[] {
  const price = by === "time" ? "time" : "evaluations";
  return ranking
    .filter((row) => !row.unbiased && row.ratio < 1)
    .slice(0, 1)
    .map(({ estimator, ratio, bias }) => `${estimator} would take ${ratio.toPrecision(2)} times the ${price} at this precision, but no more samples take away its bias of ${bias.toPrecision(2)}.`);
}

/** Those with the same reason on one line. */
function omitted(leftOut: Advice["leftOut"]): readonly string[] {
  if (leftOut.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const { estimator, why } of leftOut) {
    const short = why.replace(/^[\w-]+: /, "").replace(/\. .*$/, "").replace(/\.$/, "");
    byReason.set(short, [...(byReason.get(short) ?? []), estimator]);
  }
  return ["Left out:", ...[...byReason].map(([why, words]) => `  ${why}: ${words.join(", ")}`)];
}
