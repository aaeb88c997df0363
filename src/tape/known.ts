import type { Detail, Node, Op } from "./node.ts";

/** Order does not matter to these: they are found either way round. */
export const COMMUTATIVE: ReadonlySet<Op> = new Set<Op>(["add", "mul", "eq", "dot"]);

/** Of an operation that is said by its inputs. */
export const PLAIN: Detail = Object.freeze({});

/** Longer constants are not looked up among the known ones. */
const SHORT = 64;

/**
 * The nodes of a trace, to be found again. Those that are said by their inputs alone are in a table of places, open addressing, and numbers go by
 * themselves: traces of a hundred thousand operations are common, and a key of letters for each took longer than all else.
 */
export class Known {
  readonly #nodes: readonly Node[];
  readonly #numbers = new Map<number | "-0", Node>();
  readonly #said = new Map<string, Node>();
  /** By twos: a node's number + 1, or 0 for none, and its hash. */
  #table: Int32Array = new Int32Array(512);
  #size = 0;

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  find(op: Op, inputs: readonly Node[], width: number, height: number, detail: Detail): Node | undefined {
    if (detail === PLAIN) return this.#plain(op, inputs, width, height);
    if (detail.values?.length === 1) return this.#numbers.get(numberOf(detail.values));
    const key = keyOf(op, inputs, width, height, detail);
    return key === undefined ? undefined : this.#said.get(key);
  }

  /** Takes in a node of the trace that was not found. */
  add(node: Node): void {
    const { op, inputs, width, height, detail, id } = node;
    if (detail === PLAIN) {
      if (4 * ++this.#size > this.#table.length) this.#grow();
      put(this.#table, id + 1, hash(op, inputs));
    } else if (detail.values?.length === 1) this.#numbers.set(numberOf(detail.values), node);
    else {
      const key = keyOf(op, inputs, width, height, detail);
      if (key !== undefined) this.#said.set(key, node);
    }
  }

  #plain(op: Op, inputs: readonly Node[], width: number, height: number): Node | undefined {
    const table = this.#table;
    const mask = table.length - 1;
    const sought = hash(op, inputs);
    for (let at = (2 * sought) & mask; table[at] !== 0; at = (at + 2) & mask) {
      if (table[at + 1] !== sought) continue;
      const node = this.#nodes[table[at]! - 1]!;
      if (node.op === op && node.width === width && node.height === height && alike(op, node.inputs, inputs)) return node;
    }
    return undefined;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(4 * old.length);
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) put(this.#table, old[at]!, old[at + 1]!);
  }
}

function put(table: Int32Array, place: number, hashed: number): void {
  const mask = table.length - 1;
  let at = (2 * hashed) & mask;
  while (table[at] !== 0) at = (at + 2) & mask;
  table[at] = place;
  table[at + 1] = hashed;
}

/** The same for both orders of inputs. */
function hash(op: Op, inputs: readonly Node[]): number {
  let sum = op.length + 31 * op.charCodeAt(0);
  for (let i = 0; i < inputs.length; i++) sum += Math.imul(inputs[i]!.id + 1, 0x9e3779b1);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}

function alike(op: Op, a: readonly Node[], b: readonly Node[]): boolean {
  if (a.length !== b.length) return false;
  if (a.length === 2 && a[0] === b[1] && a[1] === b[0] && COMMUTATIVE.has(op)) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const numberOf = ([value]: readonly number[]): number | "-0" => (Object.is(value, -0) ? "-0" : value!);

function keyOf(op: Op, inputs: readonly Node[], width: number, height: number, detail: Detail): string | undefined {
  const { name, external, values, indices, draw, epoch, columns, iterations } = detail;
  if (draw !== undefined || epoch !== undefined || op === "scatter" || (values !== undefined && values.length > SHORT)) return undefined;
  let key = `${op} ${width} ${height}`;
  const [a, b] = inputs;
  if (inputs.length === 2 && COMMUTATIVE.has(op) && a!.id > b!.id) key += ` ${b!.id} ${a!.id}`;
  else for (const { id } of inputs) key += ` ${id}`;
  if (name !== undefined) key += `|${name}|${external}`;
  if (values !== undefined) for (const value of values) key += `|${Object.is(value, -0) ? "-0" : value}`;
  if (indices !== undefined) key += `|${indices.join(" ")}`;
  if (columns !== undefined) key += `|${columns} ${iterations}`;
  return key;
}
