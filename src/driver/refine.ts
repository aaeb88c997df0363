import type { Points } from "../core/core.ts";
import type { Field } from "../core/region.ts";
import type { Estimate, RefineOptions } from "../estimate.ts";
import type { Key } from "../key.ts";
import type { Driver } from "./driver.ts";
import { evaluationsOf } from "./layout.ts";
import { turn } from "./turn.ts";

/**
 * Rounds whose values of f are all alike say nothing about their spread, however small the standard error they report:
 * a rare event that has not happened yet looks like certainty. Only rounds with two different values count, and it takes
 * this many of them for every problem. (With a plain rule, P(x = 1) = 0.01 in rounds of 64 came out 54 % too low.)
 */
const ROUNDS_WITH_SPREAD = 8;

/** Rounds of an estimate, pooled by count, mean and squared deviations. One round is `key.fold(round)`. */
export async function* rounds(
  driver: Driver,
  key: Key,
  { standardError = 0, evaluations = 2 ** 20, signal }: RefineOptions,
  round: (key: Key, before: number, restore: () => void, save: () => void) => void,
  read: (samples: number, rounds: number) => Estimate,
): AsyncGenerator<Estimate, void, undefined> {
  const { plan, samples, batch } = driver;
  const { value, gradient } = evaluationsOf(driver);
  const each = value + gradient;
  const pooled = keeper(driver);
  for (let done = 0; done === 0 || (done + 1) * each <= evaluations; ) {
    if (signal?.aborted) return;
    round(key.fold(done), done * samples, pooled.restore, pooled.save);
    done++;
    const estimate = read(done * samples, done);
    yield estimate;
    if (plan.exact) return;
    if (pooled.leastSpread(batch) >= ROUNDS_WITH_SPREAD && largest(estimate) <= standardError) return;
    await turn();
  }
}

/** Keeps the running moments outside linear memory, so that other calls may use the same object between rounds. */
function keeper(driver: Driver) {
  const { moments, shared, region } = driver;
  const fields: readonly Field[] = [moments.mean, moments.squares, moments.totalMean, moments.totalSquares, ...(shared.integrand === undefined ? [] : [shared.integrand])];
  const kept: Points[] = fields.map((field) => field.view().slice());
  let seen = new Int32Array(driver.batch);
  const counts = (): Int32Array => new Int32Array(region.core.heap.buffer(), driver.spread.at, driver.batch);
  return {
    restore: () => {
      fields.forEach((field, i) => field.view().set(kept[i] as Float64Array));
      counts().set(seen);
    },
    save: () => {
      fields.forEach((field, i) => kept[i]!.set(field.view() as Float64Array));
      seen = counts().slice();
    },
    leastSpread: (batch: number) => seen.subarray(0, batch).reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
  };
}

function largest({ standardError }: Estimate): number {
  let most = 0;
  for (const array of Object.values(standardError)) for (const error of array) if (!(error <= most)) most = error;
  return most;
}
