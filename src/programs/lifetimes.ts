import type { Node } from "../tape/node.ts";
import { needed, NodeMap } from "../tape/node-map.ts";

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
  const last = new NodeMap<Node>();
  const uses = new NodeMap<number>();
  for (const node of order) {
    for (const x of node.inputs) {
      last.set(x, node);
      uses.set(x, (uses.get(x) ?? 0) + 1);
    }
  }
  last.set(result, result);
  const ending = new NodeMap<Node[]>();
  for (const node of order) {
    const user = last.get(node)!;
    const list = ending.get(user);
    if (list === undefined) ending.set(user, [node]);
    else list.push(node);
  }
  const alive = new Set<Node>();
  const drop = (node: Node): void => ending.get(node)?.forEach((one) => one !== result && alive.delete(one));
  return {
    order,
    only: (node) => (node !== result && uses.get(node) === 1 ? last.get(node) : undefined),
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
