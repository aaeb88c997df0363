import { finite, integer, onlyOptions, shown } from "../errors.ts";
import { COMMUTATIVE, Known, PLAIN } from "./known.ts";
import { type Binary, type Detail, Node, type Op, type Operand, type Reduction, type Unary } from "./node.ts";

/** A trace: its nodes in order. The same operation on the same nodes is one node. */
export class Graph {
  /** Whose errors these are. */
  readonly caller: string;
  readonly nodes: Node[] = [];
  readonly #known = new Known(this.nodes);

  constructor(caller: string) {
    this.caller = caller;
  }

  /** Lanes of their own, `[lanes, width]`, from an array outside. */
  input(name: string, width: number, external: string = name): Node {
    return this.#make("input", [], width, 0, { name, external }, { uniform: false });
  }

  /** One vector or matrix for all lanes, given with each call. */
  parameter(name: string, shape: readonly number[]): Node {
    const [first = 1, second] = shape;
    return second === undefined ? this.#make("parameter", [], first, 0, { name }) : this.#make("parameter", [], second, first, { name });
  }

  constant(values: readonly number[]): Node {
    return this.#make("constant", [], values.length, 0, { values });
  }

  /** The operand as a node of this trace. */
  node(of: Operand, op: string): Node {
    if (typeof of === "number") return this.constant([of]);
    if (of instanceof Node) {
      if (of.graph !== this) throw new TypeError(`${this.caller}: ${op} expected nodes of this trace, got one of another`);
      return of;
    }
    if ((Array.isArray(of) || of instanceof Float64Array || of instanceof Float32Array) && of.length > 0) return this.constant(Array.from(of));
    throw new TypeError(`${this.caller}: ${op} expected a node, a number or a list of numbers, got ${shown(of)}`);
  }

  unary(op: Unary, x: Node): Node {
    return this.#make(op, [x], x.width, x.height);
  }

  binary(op: Binary, left: Operand, right: Operand): Node {
    const a = this.node(left, op);
    const b = this.node(right, op);
    this.#alike(op, a, b);
    if (neutral(op, b) && a.size >= b.size) return a;
    if (neutral(op, a) && b.size >= a.size && COMMUTATIVE.has(op)) return b;
    const wide = a.size >= b.size ? a : b;
    return this.#make(op, [a, b], wide.width, wide.height);
  }

  select(condition: Node, yes: Operand, no: Operand): Node {
    const inputs = [condition, this.node(yes, "where"), this.node(no, "where")];
    const wide = inputs.reduce((most, x) => (x.size > most.size ? x : most));
    for (const x of inputs) this.#alike("where", wide, x);
    return this.#make("select", inputs, wide.width, wide.height);
  }

  power(x: Node, exponent: number): Node {
    if (typeof exponent !== "number" || !Number.isFinite(exponent)) throw new TypeError(`${this.caller}: pow expected a finite number as exponent, got ${shown(exponent)}`);
    if (exponent === 0) return this.expand(this.constant([1]), x);
    if (exponent < 0) return this.power(x, -exponent).reciprocal();
    if (exponent === 1) return x;
    if (exponent % 1 === 0.5 && exponent < 8) return exponent === 0.5 ? x.sqrt() : this.power(x, exponent - 0.5).mul(x.sqrt());
    if (exponent % 1 !== 0 || exponent > 1024) return x.log().mul(exponent).exp();
    const half = this.power(x, Math.floor(exponent / 2)).square();
    return exponent % 2 === 0 ? half : half.mul(x);
  }

  sum(x: Node): Node {
    if (x.size === 1 && x.height === 0) return x;
    const [a, b] = x.inputs;
    if (x.op === "mul" && !x.uniform && a!.width === b!.width) return this.#make("dot", [a!, b!], 1, 0);
    return this.#make("sum", [x], 1, 0);
  }

  dot(left: Operand, right: Operand): Node {
    const a = this.node(left, "dot");
    const b = this.node(right, "dot");
    return this.binary("mul", a, b).sum();
  }

  reduction(op: Reduction | "firstMax" | "logSoftmax", x: Node): Node {
    this.#vector(op, x);
    return this.#make(op, [this.lanes(x)], op === "firstMax" || op === "logSoftmax" ? x.width : 1, 0);
  }

  matmul(x: Node, matrix: Node): Node {
    this.#matrix("matmul", x, matrix, matrix instanceof Node ? matrix.height : 0);
    return this.#make("matmul", [this.lanes(x), matrix], matrix.width, 0);
  }

  /** x · Wᵀ */
  matmulTransposed(x: Node, matrix: Node): Node {
    this.#matrix("matmul", x, matrix, matrix.width);
    return this.#make("matmulTransposed", [this.lanes(x), matrix], matrix.height, 0);
  }

  /** 20 iterations at temperature 1 unless given. */
  sinkhorn(x: Node, options: { readonly rows: number; readonly columns: number; readonly temperature?: Operand; readonly iterations?: number }): Node {
    this.#vector("sinkhorn", x);
    onlyOptions(this.caller, options, ["rows", "columns", "temperature", "iterations"]);
    const { temperature = 1, iterations = 20 } = options;
    const rows = integer(this.caller, "rows", options.rows);
    const columns = integer(this.caller, "columns", options.columns);
    integer(this.caller, "iterations", iterations, 1, 2 ** 20);
    if (rows * columns !== x.width) throw new RangeError(`${this.caller}: sinkhorn expected rows · columns = ${x.width}, the width of ${subject(x)}, got ${rows} · ${columns}`);
    if (typeof temperature === "number") finite(this.caller, "temperature", temperature, "a number > 0", (each) => each > 0);
    return this.#make("sinkhorn", [this.lanes(x.div(temperature))], x.width, 0, { columns, iterations });
  }

  /** (∂ plan/∂ logits)ᵀ d */
  sinkhornPull(d: Node, { inputs, width, detail }: Node): Node {
    return this.#make("sinkhornPull", [this.lanes(d), inputs[0]!], width, 0, detail);
  }

  /** Σ over lanes of xᵢ dⱼ: a matrix. */
  outer(x: Node, d: Node): Node {
    return this.#make("outer", [this.lanes(x), this.lanes(d)], d.width, x.width, {}, { uniform: true, late: true });
  }

  /** Σ over lanes: one vector. */
  sumLanes(x: Node): Node {
    return this.#make("sumLanes", [this.lanes(x)], x.width, 0, {}, { uniform: true, late: true });
  }

  /** A width of 1 repeated to the shape of `like`. */
  expand(x: Node, like: Node): Node {
    if (x.size === like.size) return x;
    return like.height > 0 && !x.uniform ? this.expand(this.sumLanes(x), like) : this.#make("expand", [x], like.width, like.height);
  }

  /** One value for all lanes as a value of each lane. */
  lanes(x: Node): Node {
    return x.uniform ? this.#make("spread", [x], x.width, 0, {}, { uniform: false }) : x;
  }

  slice(x: Node, from: number, to: number): Node {
    integer(this.caller, "from", from, 0, x.width - 1);
    integer(this.caller, "to", to, from + 1, x.width);
    return this.gather(x, Array.from({ length: to - from }, (_, i) => from + i));
  }

  gather(x: Node, indices: readonly number[]): Node {
    this.#vector("gather", x);
    integer(this.caller, "indices.length", indices.length);
    for (const index of indices) integer(this.caller, "index", index, 0, x.width - 1);
    if (indices.length === x.width && indices.every((index, i) => index === i)) return x;
    return this.#make("gather", [x], indices.length, 0, { indices: [indices] });
  }

  /** A zero vector to which each piece is added at its indices. */
  scatter(pieces: readonly Node[], indices: readonly (readonly number[])[], width: number): Node {
    const uniform = pieces.every((piece) => piece.uniform);
    return this.#make("scatter", uniform ? pieces : pieces.map((piece) => this.lanes(piece)), width, 0, { indices });
  }

  concatenate(parts: readonly Operand[]): Node {
    const nodes = parts.map((part) => this.node(part, "concatenate"));
    let width = 0;
    const indices = nodes.map((node) => {
      this.#vector("concatenate", node);
      width += node.width;
      return Array.from({ length: node.width }, (_, i) => width - node.width + i);
    });
    return nodes.length === 1 ? nodes[0]! : this.scatter(nodes, indices, width);
  }

  /** The entry of `x` that the value `index` names, a lane at a time. */
  pick(x: Node, index: Node): Node {
    this.#vector("at", x);
    this.node(index, "at");
    if (index.width !== 1 || index.height > 0) throw new RangeError(`${this.caller}: at expected an index of width 1, got ${described(index)}`);
    return this.#make("pick", [x, this.lanes(index)], 1, 0, {}, { uniform: false });
  }

  /** Lanes of their own, drawn: what a program adds to formulas. A draw of width w has w sites. */
  draw(draw: string, site: number, inputs: readonly Node[], width: number): Node {
    return this.#make("draw", inputs, width, 0, { draw, site }, { uniform: false });
  }

  /** Any operation, as an interpretation of another trace wants it. */
  operation(op: Op, inputs: readonly Node[], width: number, detail: Detail = PLAIN, height = 0, uniform: boolean = inputs.every((x) => x.uniform)): Node {
    return this.#make(op, inputs, width, height, detail, { uniform });
  }

  #make(op: Op, inputs: readonly Node[], width: number, height: number, detail: Detail = PLAIN, kind?: { readonly uniform?: boolean; readonly late?: boolean }): Node {
    const uniform = kind?.uniform ?? inputs.every((x) => x.uniform);
    const late = kind?.late ?? inputs.some((x) => x.late);
    if (late && !uniform) throw new Error(`${this.caller}: ${op} of a sum over lanes. Parameter gradients cannot be differentiated through again.`);
    const known = this.#known.find(op, inputs, width, height, detail);
    if (known !== undefined) return known;
    const node = new Node(this, this.nodes.length, op, inputs, width, height, uniform, late, detail);
    this.nodes.push(node);
    this.#known.add(node);
    return node;
  }

  #alike(op: string, a: Node, b: Node): void {
    if (a.height === b.height ? a.width === b.width || a.width === 1 || b.width === 1 : a.size === 1 || b.size === 1) {
      const [matrix, other] = a.height > 0 ? [a, b] : [b, a];
      if (matrix.height === 0 || other.uniform) return;
      throw new RangeError(`${this.caller}: ${op} expected x.matmul(${subject(matrix)}) or a matrix on both sides, got ${described(other)} and a matrix [${matrix.height}, ${matrix.width}]`);
    }
    throw new RangeError(`${this.caller}: ${op} expected operands of one width, or of width 1, got ${described(a)} and ${described(b)}`);
  }

  #matrix(op: string, x: Node, matrix: Node, width: number): void {
    if (!(matrix instanceof Node) || matrix.height === 0) throw new TypeError(`${this.caller}: ${op} expected a parameter matrix [in, out], got ${matrix instanceof Node ? described(matrix) : shown(matrix)}`);
    const shape = `[${matrix.height}, ${matrix.width}]`;
    if (x.width !== width || x.height > 0) throw new RangeError(`${this.caller}: ${op} expected ${subject(x)} of width ${width} (${subject(matrix)} is ${shape}), got ${x.height > 0 ? `a matrix [${x.height}, ${x.width}]` : x.width}`);
  }

  #vector(op: string, x: Node): void {
    if (x.height > 0) throw new RangeError(`${this.caller}: ${op} expected a vector, got ${described(x)}`);
  }
}

function neutral(op: Binary, b: Node): boolean {
  const value = b.size === 1 ? b.detail.values?.[0] : undefined;
  return ((op === "add" || op === "sub") && Object.is(value, op === "sub" ? 0 : -0)) || ((op === "mul" || op === "div") && value === 1);
}

const subject = (x: Node): string => x.detail.name ?? `the result of ${x.op}`;

function described(x: Node): string {
  return x.height > 0 ? `${subject(x)}, a matrix [${x.height}, ${x.width}]` : `${subject(x)} of width ${x.width}`;
}
