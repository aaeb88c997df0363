import type { Points, Precision } from "./core/core.ts";
import type { Estimate } from "./estimate.ts";
import { arrayOf } from "./parameters.ts";
import type { Shapes, Values } from "./vocabulary/distribution.ts";

/** Mean and Σ (value − mean)² of some samples, number by number. */
interface Column {
  readonly mean: readonly number[];
  readonly squares: readonly number[];
}

/** Where numbers come from: what must be alike for them to be of one run. */
export interface Origin {
  /** What estimated them, in words: the estimator, its samples and problems; empty where there are several or it is not known. */
  readonly estimator: string;
  /** 16 hexadecimal digits of the parameters and the context; empty where they are not known. */
  readonly point: string;
  /** The 16 hexadecimal digits of the key; of several runs all of theirs, of estimates none. */
  readonly keys: readonly string[];
}

/** Rounds without an origin yet. */
export type Series = Omit<Part, "point" | "keys">;

/** The rounds from `index · 2^level` up to, not including, `(index + 1) · 2^level`. */
export interface PartNode {
  readonly level: number;
  readonly index: number;
  /** How many they are; of a node that stands for an estimate of its own, how many that was of. */
  readonly rounds: number;
  readonly samples: number;
  readonly evaluations: { readonly value: number; readonly gradient: number };
  readonly value: Column;
  /** With respect to θ. */
  readonly theta: Readonly<Record<string, Column>>;
  /** With respect to parameters whose gradient is a sum over the samples, so that a round is one number of it: means, and squares between the rounds. */
  readonly shared: Readonly<Record<string, Column>>;
  /** Rounds in which a problem saw two different values of f. */
  readonly varied: readonly number[];
}

/** Rounds of a run as plain JSON: what one machine sends another, and `merge` puts together. */
export interface Part extends Origin {
  readonly version: 2;
  readonly precision: Precision;
  /** Whether the sums are exact, without noise. */
  readonly exact: boolean;
  /** What of the estimates is biased, by name. */
  readonly biased: readonly string[];
  /** Whether a network gives θ, so that θ's gradient is not the caller's. */
  readonly amortised: boolean;
  readonly nodes: readonly PartNode[];
}

/** An estimate of several rounds together. */
export interface Pooled<S extends Shapes = Shapes, T extends Shapes = S, A extends Points = Points> extends Estimate<S, T, A> {
  /**
   * As that of an estimate, and for shared parameters too: by the spread between the rounds, so NaN with one round, and to be trusted (with
   * Student's t) from about 8 rounds on.
   */
  readonly standardError: Values<S & T, A>;
  readonly rounds: number;
  /** The rounds as plain JSON, for `merge`. */
  toJSON(): Part;
}

/** The moments of one round's per-sample gradients with respect to θ, and of its totals. */
export interface Spread {
  readonly value: { readonly squares: Points };
  readonly theta: Readonly<Record<string, { readonly mean: Points; readonly squares: Points }>>;
}

/** One round, number `index` of its run: what pooling adds up. */
export function leaf(index: number, estimate: Estimate, spread: Spread, varied: readonly number[]): PartNode {
  const { samples, evaluations, value, gradient } = estimate;
  const column = (mean: Points, squares: Points): Column => ({ mean: Array.from(mean), squares: Array.from(squares) });
  const theta = Object.entries(spread.theta).map(([name, { mean, squares }]) => [name, column(mean, squares)]);
  const shared = Object.entries(gradient).filter(([name]) => !Object.hasOwn(spread.theta, name)).map(([name, mean]) => [name, column(mean, mean.map(() => 0) as Points)]);
  return { level: 0, index, rounds: 1, samples, evaluations, value: column(value, spread.value.squares), theta: Object.fromEntries(theta), shared: Object.fromEntries(shared), varied };
}

/**
 * Rounds added up along one fixed tree over their numbers: two neighbours that make a whole pair become one, and what is left is added
 * from the left. So however a run was split, and in whatever order its parts come, the sums have the same bits.
 */
export function grown(nodes: readonly PartNode[], more: PartNode): readonly PartNode[] {
  const all = [...nodes];
  let node = more;
  for (;;) {
    const at = all.findIndex(({ level, index }) => level === node.level && index === (node.index ^ 1));
    if (at < 0) break;
    const [sibling] = all.splice(at, 1) as [PartNode];
    node = sibling.index < node.index ? paired(sibling, node) : paired(node, sibling);
  }
  const place = all.findIndex((other) => start(other) > start(node));
  all.splice(place < 0 ? all.length : place, 0, node);
  return all;
}

export const start = ({ level, index }: PartNode): number => index * 2 ** level;
export const end = ({ level, index }: PartNode): number => (index + 1) * 2 ** level;

function paired(a: PartNode, b: PartNode): PartNode {
  return { ...added(a, b), level: a.level + 1, index: a.index >> 1 };
}

/** Two sets of samples together: Chan, Golub & LeVeque 1979. */
export function added(a: PartNode, b: PartNode): PartNode {
  const samples = a.samples + b.samples;
  const share = b.samples / samples;
  const mean = (x: readonly number[], y: readonly number[]): number[] => x.map((own, i) => own + (y[i]! - own) * share);
  const between = (i: number, x: Column, y: Column): number => (y.mean[i]! - x.mean[i]!) * (y.mean[i]! - x.mean[i]!) * (a.samples * share);
  const both = (x: Column, y: Column): Column => ({ mean: mean(x.mean, y.mean), squares: x.squares.map((own, i) => own + y.squares[i]! + between(i, x, y)) });
  return {
    ...a,
    rounds: a.rounds + b.rounds,
    samples,
    evaluations: { value: a.evaluations.value + b.evaluations.value, gradient: a.evaluations.gradient + b.evaluations.gradient },
    value: both(a.value, b.value),
    theta: each(a.theta, (own, name) => both(own, b.theta[name]!)),
    shared: each(a.shared, (own, name) => both(own, b.shared[name]!)),
    varied: a.varied.map((count, i) => count + b.varied[i]!),
  };
}

export function each<V, W>(record: Readonly<Record<string, V>>, map: (value: V, name: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

/** The estimate of all rounds of a part. */
export function pooled(part: Part): Pooled {
  const all = part.nodes.reduce(added);
  const array = (numbers: readonly number[]): Points => arrayOf(part.precision, numbers.length).map((_: number, i: number) => numbers[i]!) as Points;
  const error = (squares: readonly number[], count: number): Points => array(squares.map((own) => (part.exact ? 0 : count < 2 ? Number.NaN : Math.sqrt(own / ((count - 1) * all.samples)))));
  const means = (columns: Readonly<Record<string, Column>>): Readonly<Record<string, Points>> => each(columns, ({ mean }) => array(mean));
  const errors = (columns: Readonly<Record<string, Column>>, count: number): Readonly<Record<string, Points>> => each(columns, ({ squares }) => error(squares, count));
  const estimate = {
    value: array(all.value.mean),
    valueStandardError: error(all.value.squares, all.samples),
    gradient: { ...(!part.amortised && means(all.theta)), ...means(all.shared) },
    standardError: { ...errors(all.theta, all.samples), ...errors(all.shared, all.rounds) },
    biased: part.biased,
    samples: all.samples,
    evaluations: all.evaluations,
    rounds: all.rounds,
  };
  // Not to be seen among the numbers, nor copied with them.
  return Object.defineProperty(estimate, "toJSON", { value: () => part }) as typeof estimate & Pick<Pooled, "toJSON">;
}

/** In how many rounds every problem saw two different values of f. */
export function leastVaried({ nodes }: Part): number {
  const counts = nodes.reduce<readonly number[]>((sums, { varied }) => varied.map((count, i) => count + (sums[i] ?? 0)), []);
  return Math.min(...counts);
}
