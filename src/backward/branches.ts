import type { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";

/** A value in each branch: a node for each way that the draws on its axes may turn out, the last axis fastest. */
export interface Variants {
  /** Numbers of axes, ascending. */
  readonly axes: readonly number[];
  readonly nodes: readonly Node[];
}

/** A draw whose values are followed side by side. */
interface Axis {
  readonly size: number;
  readonly budget: number;
  /** The weight of each of its values, in the branches of the draws before it. */
  weights: Variants;
}

/** Branches of one draw together with those that it is nested in; more make a trace that nobody wants to wait for. */
const BUDGET = 1024;

export const single = (node: Node): Variants => ({ axes: [], nodes: [node] });

/**
 * The branches of a trace: what comes after a draw that is enumerated is there once for each of its values, and what comes after several
 * for each combination of theirs.
 */
export class Branches {
  readonly #graph: Graph;
  readonly #axes: Axis[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** The most branches that any of the variants has. */
  count = 1;

  /** An operation in every branch of its inputs. */
  map(inputs: readonly Variants[], make: (nodes: readonly Node[]) => Node): Variants {
    if (inputs.every(({ axes }) => axes.length === 0)) return single(make(inputs.map(({ nodes }) => nodes[0]!)));
    const axes = this.#union(inputs);
    const total = this.#volume(axes);
    return { axes, nodes: Array.from({ length: total }, (_, i) => make(inputs.map((input) => input.nodes[this.place(axes, i, input.axes)]!))) };
  }

  /**
   * A draw followed for each of its values.
   *
   * @param parameters  what it depends on
   * @param make        its values with their weights, in one branch of the parameters
   * @returns the draw and its axis
   */
  axis(parameters: readonly Variants[], budget: number | undefined, size: number, make: (nodes: readonly Node[]) => { readonly values: readonly Node[]; readonly weights: readonly Node[] }): { readonly drawn: Variants; readonly axis: number } {
    const own = [...this.#union(parameters), this.#axes.length];
    const axis = this.#axes.push({ size, budget: budget ?? BUDGET, weights: { axes: own, nodes: [] } }) - 1;
    this.#volume(own);
    const made: ReturnType<typeof make>[] = [];
    this.map(parameters, (nodes) => {
      made.push(make(nodes));
      return nodes[0]!;
    });
    this.#axes[axis]!.weights = { axes: own, nodes: made.flatMap(({ weights }) => weights) };
    return { drawn: { axes: own, nodes: made.flatMap(({ values }) => values) }, axis };
  }

  /** A value times the weights of its branches. */
  weighted(value: Variants): Variants {
    return this.map([value, ...value.axes.map((axis) => this.#axes[axis]!.weights)], ([node, ...weights]) => weights.reduce((product, weight) => product.mul(weight), node!));
  }

  /** Which of the values of an axis a variant stands for. */
  digit(axes: readonly number[], index: number, axis: number): number {
    let rest = index;
    for (let i = axes.length - 1; axes[i] !== axis; i--) rest = Math.floor(rest / this.#axes[axes[i]!]!.size);
    return rest % this.#axes[axis]!.size;
  }

  /** The variant of fewer axes that a variant belongs to. */
  place(axes: readonly number[], index: number, fewer: readonly number[]): number {
    return fewer.reduce((place, axis) => place * this.#axes[axis]!.size + this.digit(axes, index, axis), 0);
  }

  #union(inputs: readonly Variants[]): readonly number[] {
    return [...new Set(inputs.flatMap(({ axes }) => axes))].sort((a, b) => a - b);
  }

  #volume(axes: readonly number[]): number {
    const total = axes.reduce((product, axis) => product * this.#axes[axis]!.size, 1);
    const budget = Math.min(...axes.map((axis) => this.#axes[axis]!.budget));
    if (total > budget) {
      throw new RangeError(`${this.#graph.caller}: draws by enumerate() or disarm() that depend on one another make ${total} branches, more than ${budget}. Let some of them use scoreFunction(), draw what is alike as one vector, or raise the budget of enumerate({ budget }).`);
    }
    this.count = Math.max(this.count, total);
    return total;
  }
}
