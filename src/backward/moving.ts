import type { Graph } from "../tape/graph.ts";
import type { Node, Op } from "../tape/node.ts";
import { STEPS } from "../programs/tangent.ts";

/** Through which no derivative goes. */
const STILL: ReadonlySet<Op> = new Set<Op>([...STEPS, "affine", "draw", "firstMax"]);

/** Which nodes move with the parameters: those that reverse mode gets from to a parameter. */
export class Moving {
  readonly #graph: Graph;
  readonly #begun = new Set<Node>();
  readonly #known: boolean[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  begin(parameter: Node): void {
    this.#begun.add(parameter);
  }

  has(node: Node): boolean {
    for (let id = this.#known.length; id <= node.id; id++) {
      const own = this.#graph.nodes[id]!;
      this.#known.push(this.#begun.has(own) || (!STILL.has(own.op) && own.inputs.some((x) => this.#known[x.id])));
    }
    return this.#known[node.id]!;
  }
}
