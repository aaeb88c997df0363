import type { Node } from "../tape/node.ts";
import { needed } from "../tape/node-map.ts";

/** Which nodes a result needs, in the order of the trace, and which of those passed are needed still. */
export interface Lifetimes {
  readonly order: readonly Node[];
  /** The one node that uses `node`, if there is but one, and the result is another. */
  only(node: Node): Node | undefined;
  /** Nodes that what comes after `node` still uses; `node` is the next one. */
  after(node: Node): ReadonlySet<Node>;
  /** From now on `node` is one of those passed. */
  pass(node: Node): void;
}

export function lifetimes(result: Node): Lifetimes {
  const order = needed([result], (node) => node.inputs);
  const { nodes } = result.graph;
  // By the number of a node: of its last user, how many uses it has, and as a list those whose last user it is; −1 is none.
  const [last, first, next] = [0, 1, 2].map(() => new Int32Array(nodes.length).fill(-1)) as [Int32Array, Int32Array, Int32Array];
  const uses = new Int32Array(nodes.length);
  for (const { id, inputs } of order) {
    for (const x of inputs) {
      last[x.id] = id;
      uses[x.id]!++;
    }
  }
  for (const { id } of order) {
    const user = last[id]!;
    if (user < 0) continue;
    next[id] = first[user]!;
    first[user] = id;
  }
  const alive = new Set<Node>();
  const drop = ({ id }: Node): void => {
    for (let ended = first[id]!; ended >= 0; ended = next[ended]!) alive.delete(nodes[ended]!);
    first[id] = -1;
  };
  return {
    order,
    only: (node) => (node !== result && uses[node.id] === 1 ? nodes[last[node.id]!] : undefined),
    after(node) {
      drop(node);
      return alive;
    },
    pass(node) {
      drop(node);
      alive.add(node);
    },
  };
}
