import type { Points } from "../core/core.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { CallOptions, Estimate, PoolOptions, RefineOptions } from "../estimate.ts";
import { fingerprint, nameOf } from "../fingerprint.ts";
import { type Key, keyed } from "../key.ts";
import { grown, leastVaried, type Part, type PartNode, type Pooled, pooled, type Series } from "../pool.ts";
import { turn } from "./turn.ts";

/** What can be estimated round after round: round i is an estimate with `key.fold(i)`. */
export interface Rounds {
  /** No rounds yet. */
  readonly none: Series;
  /** Of one round. */
  readonly samples: number;
  /** How often one round evaluates f, over all problems. */
  readonly evaluations: number;
  readonly round: (caller: string, params: unknown, key: Key, index: number, options: CallOptions) => PartNode;
}

/** The rounds from `first` on, pooled. */
export function pool({ none, round }: Rounds, params: unknown, key: Key, options: PoolOptions): Pooled {
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions("pool", options, ["first", "rounds", "context", "learn"]);
  const first = integer("pool", "first", options.first ?? 0, 0, MOST_ROUNDS);
  const count = integer("pool", "rounds", options.rounds, 1, MOST_ROUNDS - first);
  keyed("pool", key);
  let { nodes } = none;
  for (let i = first; i < first + count; i++) nodes = grown(nodes, round("pool", params, key.fold(i), i, options));
  return pooled(partOf(none, params, key, options, nodes));
}

/** Rounds with what tells their run. */
function partOf(none: Series, params: unknown, key: Key, { context }: CallOptions, nodes: readonly PartNode[]): Part {
  return { ...none, point: fingerprint([params as Record<string, unknown>, context]), keys: [nameOf(key)], nodes };
}

const MOST_ROUNDS = 2 ** 30;

/** Rounds, pooled one by one, with all that is refused refused at once. */
export function refine(of: Rounds, params: unknown, key: Key, options: RefineOptions & CallOptions): AsyncGenerator<Pooled, void, undefined> {
  const caller = "refine";
  onlyOptions(caller, options, ["context", "learn", "standardError", "evaluations", "signal"]);
  if (options.standardError !== undefined) finite(caller, "standardError", options.standardError, "a number > 0", (x) => x > 0);
  if (options.evaluations !== undefined) integer(caller, "evaluations", options.evaluations);
  if (options.signal !== undefined && typeof options.signal?.aborted !== "boolean") throw wrongKind(caller, "signal", "an AbortSignal", options.signal);
  if (of.samples < 2 && !of.none.exact) throw wrongValue(caller, "samples", "at least 2, as a round of one has no spread", of.samples);
  keyed(caller, key);
  // Rounds of one problem, whatever the caller does between them.
  return refined(of, copies(params), key, { ...options, ...(options.context && { context: copies(options.context) }) });
}

/**
 * Rounds whose values of f are all alike say nothing about their spread, however small the standard error they report:
 * a rare event that has not happened yet looks like certainty. Only rounds with two different values count, and it takes
 * this many of them for every problem. (With a plain rule, P(x = 1) = 0.01 in rounds of 64 came out 54 % too low.)
 */
const ROUNDS_WITH_SPREAD = 8;

async function* refined({ none, evaluations: each, round }: Rounds, params: unknown, key: Key, options: RefineOptions & CallOptions): AsyncGenerator<Pooled, void, undefined> {
  const { standardError = 0, evaluations = 2 ** 20, signal } = options;
  const origin = partOf(none, params, key, options, none.nodes);
  let { nodes } = origin;
  for (let done = 0; done === 0 || (done + 1) * each <= evaluations; done++) {
    if (signal?.aborted) return;
    nodes = grown(nodes, round("refine", params, key.fold(done), done, options));
    const part = { ...origin, nodes };
    const estimate = pooled(part);
    yield estimate;
    if (none.exact) return;
    if (leastVaried(part) >= ROUNDS_WITH_SPREAD && largest(estimate) <= standardError) return;
    await turn();
  }
}

function largest({ standardError }: Estimate): number {
  let most = 0;
  for (const array of Object.values(standardError)) for (const error of array) if (!(error <= most)) most = error;
  return most;
}

/** Arrays of a record, copied; what is no array is for the checks of each round. */
function copies<R>(record: R): R {
  if (typeof record !== "object" || record === null) return record;
  return Object.fromEntries(Object.entries(record).map(([name, array]) => [name, ArrayBuffer.isView(array) ? (array as Points).slice() : array])) as R;
}
