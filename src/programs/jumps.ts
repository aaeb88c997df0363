import type { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";

/** A row of jumps: what a lane's value would change by, if its perturbation were alive. Refreshed in place, for all that share it. */
export interface JumpRow {
  node: Node;
  /** The last birth that it knows of: where a later one has won, it must be 0. */
  since: number;
}

/** scale · row */
export interface Jump {
  readonly row: JumpRow;
  readonly scale?: Node | undefined;
}

/**
 * The perturbations of a program's lanes. A lane has one at most: how likely it is (`weight`, a rate per ε), and which draw gave birth
 * to it (`birth`).
 *
 * Rows of jumps from before a birth are not cleared by it, but masked when they are used: there are as many masks as uses, where
 * clearing would take as many passes as there are rows alive.
 */
export class Perturbations {
  readonly #graph: Graph;
  readonly weight: Node;
  readonly birth: Node;
  /** Of a lane, the perturbations that contended for it; only where they win by number. */
  readonly contenders: Node;
  /** The last birth so far. */
  now = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    const cell = (name: string): Node => graph.operation("cell", [], 1, { name, epoch: 0 }, 0, false);
    this.weight = cell("weight");
    this.birth = cell("birth");
    this.contenders = cell("contenders");
  }

  /** A row that is as it should be now. */
  fresh(node: Node): Jump {
    return { row: { node, since: this.now } };
  }

  /** Jumps of a draw whose entries gave birth one after the other, the first at `first`. */
  born(node: Node, first: number): Jump {
    return this.fresh(node.width === 1 ? node : this.#masked(node, first, 1));
  }

  /** The jump as a row of numbers that are 0 where they should be. */
  current(jump: Jump): Node {
    const { row } = jump;
    if (row.since < this.now) {
      row.node = this.#masked(row.node, row.since, 0);
      row.since = this.now;
    }
    return this.raw(jump);
  }

  /** The same with what a later birth has made of no account. */
  raw({ row, scale }: Jump): Node {
    return scale === undefined ? row.node : this.#graph.binary("mul", row.node, scale);
  }

  add(a: Jump, b: Jump): Jump {
    const [old, young] = a.row.since < b.row.since ? [a, b] : [b, a];
    const inOnePass = old.row.since < this.now && young.row.since === this.now && old.scale === undefined && young.scale === undefined;
    if (!inOnePass || old.row.node.width !== young.row.node.width) return this.fresh(this.#graph.binary("add", this.current(a), this.current(b)));
    const detail = { flags: old.row.since, spacing: 0, epoch: this.now };
    return this.fresh(this.#graph.operation("maskAdd", [old.row.node, this.birth, young.row.node], young.row.node.width, detail));
  }

  #masked(node: Node, since: number, spacing: number): Node {
    return this.#graph.operation("mask", [node, this.birth], node.width, { flags: since, spacing, epoch: this.now });
  }
}
