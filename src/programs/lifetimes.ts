import type { Node } from "../tape/node.ts";

/** Which nodes a result needs, in the order of the trace, and which of those passed are needed still. */
export interface Lifetimes {
  readonly order: readonly Node[];
  /** Nodes that what comes after `node` still uses; `node` is the next one. */
  after(node: Node): ReadonlySet<Node>;
  /** From now on `node` is one of those passed. */
  pass(node: Node): void;
}

export function lifetimes(result: Node): Lifetimes {
  const found = new Set<Node>();
  const open = [result];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...node.inputs);
  }
  const order = [...found].sort((a, b) => a.id - b.id);
  const last = new Map<Node, Node>();
  for (const node of order) for (const x of node.inputs) last.set(x, node);
  last.set(result, result);
  const ending = new Map<Node, Node[]>();
  for (const [node, user] of last) {
    const list = ending.get(user);
    if (list === undefined) ending.set(user, [node]);
    else list.push(node);
  }
  const alive = new Set<Node>();
  const drop = (node: Node): void => ending.get(node)?.forEach((one) => one !== result && alive.delete(one));
  return {
    order,
    after(node) {
      drop(node);
      return alive;
    },
    pass(node) {
      drop(node);
      if (last.has(node)) alive.add(node);
    },
  };
}
