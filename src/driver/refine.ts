import type { Estimate, RefineOptions } from "../estimate.ts";
import type { Key } from "../key.ts";
import { leastVaried, type Part, type Pooled } from "../pool.ts";
import type { Driver } from "./driver.ts";
import { turn } from "./turn.ts";

/**
 * Rounds whose values of f are all alike say nothing about their spread, however small the standard error they report:
 * a rare event that has not happened yet looks like certainty. Only rounds with two different values count, and it takes
 * this many of them for every problem. (With a plain rule, P(x = 1) = 0.01 in rounds of 64 came out 54 % too low.)
 */
const ROUNDS_WITH_SPREAD = 8;

/** Rounds of an estimate, pooled one by one. One round is `key.fold(round)`. */
export async function* rounds(
  { plan, work }: Driver,
  key: Key,
  { standardError = 0, evaluations = 2 ** 20, signal }: RefineOptions,
  round: (key: Key, index: number) => { readonly estimate: Pooled; readonly part: Part },
): AsyncGenerator<Pooled, void, undefined> {
  const each = (plan.value + plan.gradient) * work.rows;
  for (let done = 0; done === 0 || (done + 1) * each <= evaluations; ) {
    if (signal?.aborted) return;
    const { estimate, part } = round(key.fold(done), done);
    done++;
    yield estimate;
    if (plan.exact) return;
    if (leastVaried(part) >= ROUNDS_WITH_SPREAD && largest(estimate) <= standardError) return;
    await turn();
  }
}

function largest({ standardError }: Estimate): number {
  let most = 0;
  for (const array of Object.values(standardError)) for (const error of array) if (!(error <= most)) most = error;
  return most;
}
