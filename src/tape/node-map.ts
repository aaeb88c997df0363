import type { Node } from "./node.ts";

/** Values by the nodes of one trace: a Map, but by place and not by hash, which for long traces is several times as fast. */
export class NodeMap<V> {
  readonly #values: (V | undefined)[];

  /** @param like  a node of the trace, if it is all there: then there is room for all of it at once */
  constructor(like?: Node) {
    this.#values = Array<undefined>(like === undefined ? 0 : like.graph.nodes.length).fill(undefined);
  }

  get(node: Node): V | undefined {
    return this.#values[node.id];
  }

  set(node: Node, value: V): void {
    const values = this.#values;
    while (values.length < node.id) values.push(undefined); // without holes the array stays a fast one
    values[node.id] = value;
  }

  has(node: Node): boolean {
    return this.#values[node.id] !== undefined;
  }

  delete(node: Node): void {
    if (node.id < this.#values.length) this.#values[node.id] = undefined;
  }
}

/** What the nodes need, all of one trace, in its order: inputs come before what uses them, so one way back through the trace finds all. */
export function needed(results: readonly Node[], inputs: (node: Node) => readonly Node[]): readonly Node[] {
  if (results.length === 0) return [];
  const { nodes } = results[0]!.graph;
  const found = new Uint8Array(nodes.length);
  for (const { id } of results) found[id] = 1;
  const order: Node[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (found[i] === 0) continue;
    order.push(nodes[i]!);
    for (const { id } of inputs(nodes[i]!)) found[id] = 1;
  }
  return order.reverse();
}
