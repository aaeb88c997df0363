import { mean, type Run } from "./train.ts";

/** Mean ± standard deviation of the episodes needed, over the keys that got there, and how many did not. */
export function summary(runs: readonly Run[], budget: number): string {
  const solved = runs.map((run) => run.solved).filter((episode) => episode !== undefined).toSorted((a, b) => a - b);
  const never = `${runs.length - solved.length} of ${runs.length} keys never, in ${budget}`;
  if (solved.length === 0) return never;
  const centre = mean(solved);
  const deviation = solved.length > 1 ? ` ± ${Math.sqrt(solved.reduce((sum, episode) => sum + (episode - centre) ** 2, 0) / (solved.length - 1)).toFixed(0)}` : "";
  return `${centre.toFixed(0).padStart(4)}${deviation} (${solved.join(", ")}; ${never})`;
}
