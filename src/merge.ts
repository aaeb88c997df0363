import type { Points } from "./core/core.ts";
import { onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import type { Estimate } from "./estimate.ts";
import { added, each, end, grown, leaf, type Part, type PartNode, type Pooled, pooled, start } from "./pool.ts";
import type { Shapes } from "./vocabulary/distribution.ts";

/** What `merge` takes: pooled rounds, also as the JSON that they were sent as, or independent estimates. */
export type Mergeable<S extends Shapes = Shapes, T extends Shapes = S, A extends Points = Points> = Estimate<S, T, A> | Pooled<S, T, A> | Part;

export interface MergeOptions {
  /** Whether the parts are runs of their own, with keys of their own: each is then one estimate, weighted by its samples. */
  readonly independent?: boolean;
}

/**
 * Independent estimates as one: exactly what a single estimate of all their samples would have been, its standard error included.
 *
 * Rounds of one run, from `grad.pool(…)` or `refine`, may come from several machines, in any order, as objects or as JSON; the same rounds
 * give the same bits however they were split. They must have the run's parameters, context, key, estimator and samples.
 *
 * Runs with keys of their own, at the same parameters, are merged by `{ independent: true }`, each as one estimate weighted by its samples. So
 * are estimates from elsewhere (other keys, other estimators of the same gradient), which need not say so: these do not tell where they come
 * from, and that they belong together is not checked.
 *
 * @param parts  pooled rounds of one run, no round twice; or estimates, all of them independent
 * @throws {TypeError} if rounds and single estimates are mixed, or parts differ in names or precision
 * @throws {RangeError} if a round is there twice, lengths differ, or rounds are not of one run; of independent runs, if two have one key
 */
export function merge<S extends Shapes, T extends Shapes, A extends Points>(parts: readonly Mergeable<S, T, A>[], options: MergeOptions = {}): Pooled<S, T, A> {
  if (!Array.isArray(parts) || parts.length === 0) throw wrongKind("merge", "parts", "a list of estimates, one at least", parts);
  onlyOptions("merge", options, ["independent"]);
  const { independent = false } = options;
  if (typeof independent !== "boolean") throw wrongKind("merge", "independent", "true or false", independent);
  const given = parts.map((part, i) => partOf(part as Mergeable, i));
  const [first, ...others] = given as [Part, ...Part[]];
  for (const [i, other] of others.entries()) alike(first, other, i + 1);
  const runs = given.filter(ofRun).length;
  if (!independent && runs > 0 && runs < given.length) throw new TypeError("merge: rounds of a run and single estimates do not mix. If all are independent, say merge(parts, { independent: true }).");
  return (independent || runs === 0 ? ofEstimates(given) : ofRounds(given)) as unknown as Pooled<S, T, A>;
}

/** Whether they are rounds of one run, and not already one estimate of several. */
const ofRun = ({ keys }: Part): boolean => keys.length === 1;

function ofRounds(given: readonly Part[]): Pooled {
  const first = given[0]!;
  let nodes: readonly PartNode[] = [];
  for (const [i, part] of given.entries()) {
    const apart = difference(first, part);
    if (apart !== undefined) throw wrongValue("merge", `parts[${i}]`, `rounds of one run, with the ${apart.of} of the first`, apart.got, apart.cure);
    for (const node of part.nodes) {
      const twice = nodes.find((other) => start(node) < end(other) && start(other) < end(node));
      if (twice !== undefined) throw wrongValue("merge", "parts", "every round once", `round ${Math.max(start(node), start(twice))} twice`, "Give each machine rounds of its own.");
      nodes = grown(nodes, node);
    }
  }
  return pooled({ ...first, biased: biasedOf(given), nodes });
}

function difference(first: Part, { point, estimator, keys }: Part): { readonly of: string; readonly got: string; readonly cure: string } | undefined {
  const independent = "Independent runs are merged by merge(parts, { independent: true }).";
  if (point !== first.point) return { of: "parameters and context", got: "others", cure: "Gradients at different parameters are of different functions." };
  if (estimator !== first.estimator) return { of: `estimator (${first.estimator})`, got: estimator, cure: independent };
  return keys[0] === first.keys[0] ? undefined : { of: "key", got: "another", cure: independent };
}

/** Each part as one estimate. */
function ofEstimates(given: readonly Part[]): Pooled {
  if (given.length === 1) return pooled(given[0]!);
  const keys: string[] = [];
  let nodes: readonly PartNode[] = [];
  const known = given.find(({ point }) => point !== "")?.point ?? "";
  for (const [i, part] of given.entries()) {
    if (part.point !== "" && part.point !== known) throw wrongValue("merge", `parts[${i}]`, "the parameters and context of the others", "others", "Gradients at different parameters are of different functions.");
    const again = part.keys.find((key) => keys.includes(key));
    if (again !== undefined) throw wrongValue("merge", `parts[${i}]`, "a run with a key of its own", "the key of another", "Runs with one key have the same draws: they are not independent.");
    keys.push(...part.keys);
    nodes = grown(nodes, { ...part.nodes.reduce(added), level: 0, index: i });
  }
  const estimator = given.every((part) => part.estimator === given[0]!.estimator) ? given[0]!.estimator : "";
  return pooled({ ...given[0]!, exact: given.every(({ exact }) => exact), biased: biasedOf(given), estimator, point: known, keys, nodes });
}

const biasedOf = (given: readonly Part[]): readonly string[] => [...new Set(given.flatMap(({ biased }) => biased))];

function partOf(given: Mergeable, i: number): Part {
  if (typeof given !== "object" || given === null) throw wrongKind("merge", `parts[${i}]`, "an estimate, or pooled rounds", given);
  if ("nodes" in given) return versioned(given, i);
  if ("toJSON" in given) return given.toJSON();
  if (!ArrayBuffer.isView(given.value)) throw wrongKind("merge", `parts[${i}]`, "an estimate, or pooled rounds", given, "To send an estimate as JSON, make it with grad.pool().");
  const { samples, standardError, valueStandardError, gradient, value } = given;
  const squared = (errors: Points): Points => errors.map((error: number) => (samples < 2 ? 0 : error * error * samples * (samples - 1))) as Points;
  const amortised = Object.keys(standardError).some((name) => !Object.hasOwn(gradient, name));
  // Where a network gives θ an estimate does not tell θ's mean: only the spread within each estimate is known then.
  const theta = each(standardError, (errors, name) => ({ mean: gradient[name] ?? (errors.map(() => 0) as Points), squares: squared(errors) }));
  const node = leaf(i, given, { value: { squares: squared(valueStandardError) }, theta }, Array.from(value, () => 0));
  return { version: 2, precision: value instanceof Float32Array ? "f32" : "f64", exact: false, biased: given.biased, amortised, estimator: "", point: "", keys: [], nodes: [node] };
}

function versioned(part: Part, i: number): Part {
  if (part.version !== 2) throw wrongValue("merge", `parts[${i}].version`, "2", part.version, "It was made by another version of gradex.");
  if (!Array.isArray(part.nodes) || part.nodes.length === 0) throw wrongKind("merge", `parts[${i}].nodes`, "rounds, one at least", part.nodes);
  return part;
}

function alike(first: Part, other: Part, i: number): void {
  const arrays = ({ nodes: [node] }: Part): Readonly<Record<string, readonly number[]>> => ({ value: node!.value.mean, ...each({ ...node!.theta, ...node!.shared }, ({ mean }) => mean) });
  const names = (part: Part): string => Object.keys(arrays(part)).slice(1).join(", ");
  const lengths = (part: Part): string => Object.values(arrays(part)).map(({ length }) => length).join(", ");
  if (other.precision !== first.precision) throw wrongKind("merge", `parts[${i}]`, `estimates in ${first.precision}, as the first`, other.precision);
  if (names(other) !== names(first)) throw wrongKind("merge", `parts[${i}]`, `gradients of ${names(first)}, as the first`, names(other));
  if (lengths(other) !== lengths(first)) throw wrongValue("merge", `parts[${i}]`, `arrays of ${lengths(first)} numbers, as the first`, lengths(other));
}
