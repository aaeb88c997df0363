import type { Node } from "./node.ts";

/** Values by the nodes of one trace: a Map, but by place and not by hash, which for long traces is several times as fast. */
export class NodeMap<V> {
  readonly #values: (V | undefined)[] = [];

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

/** What the nodes need, all of one trace, in its order. */
export function needed(results: readonly Node[], inputs: (node: Node) => readonly Node[]): readonly Node[] {
  const found = new NodeMap<true>();
  const open = [...results];
  let last = -1;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.set(node, true);
    if (node.id > last) last = node.id;
    for (const input of inputs(node)) open.push(input);
  }
  return results[0]?.graph.nodes.slice(0, last + 1).filter((node) => found.has(node)) ?? [];
}
