import type { Points } from "../core/core.ts";
import type { Graph } from "./graph.ts";

/** What an operation takes besides nodes: a number, or a constant vector. */
export type Operand = Node | number | readonly number[] | Points;

export type Unary =
  | "neg" | "square" | "sqrt" | "reciprocal" | "abs" | "sign" | "relu"
  | "exp" | "log" | "log1p" | "expm1" | "sin" | "cos" | "sigmoid" | "softplus" | "tanh" | "digamma";

export type Binary = "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "lt" | "le" | "eq" | "tanhPull" | "sigmoidPull";

export type Reduction = "sum" | "max" | "logSumExp";

export type Op =
  | "input" | "parameter" | "constant" | Unary | Binary | "select"
  | Reduction | "dot" | "firstMax" | "logSoftmax" | "expand" | "spread" | "gather" | "scatter"
  | "matmul" | "matmulTransposed" | "outer" | "sumLanes"
  | "affine" | "pick" | "draw" | "cell" | "mask" | "maskAdd";

/** What belongs to an operation besides its inputs. */
export interface Detail {
  /** of an input or a parameter */
  readonly name?: string;
  /** of an input: the array outside that it is read from */
  readonly external?: string;
  /** of a constant */
  readonly values?: readonly number[];
  /** of gather: which entries; of scatter: where the entries of each input go */
  readonly indices?: readonly (readonly number[])[];
  /** of a draw: from what */
  readonly draw?: string;
  /** of a draw: which of the trace's streams is its first */
  readonly site?: number;
  /** of a draw: what it is told besides; of a mask: the last birth that leaves a jump as it is */
  readonly flags?: number;
  /** of a mask: what is added to that from entry to entry, and when it is taken */
  readonly spacing?: number;
  readonly epoch?: number;
}

/**
 * A value of the traced formula: `[lanes, width]`, or, if it depends on parameters and constants alone, one `[width]` for all lanes.
 *
 * Immutable. Every method gives a new node; nothing is computed while tracing.
 */
export class Node {
  readonly graph: Graph;
  /** Place in the trace; inputs come before what uses them. */
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Node[];
  readonly width: number;
  /** Rows of a matrix parameter `[height, width]`; 0 of anything else. */
  readonly height: number;
  /** One value for all lanes. */
  readonly uniform: boolean;
  /** Known only once all lanes have run: a sum over them, and what is made of it. */
  readonly late: boolean;
  readonly detail: Detail;

  constructor(graph: Graph, id: number, op: Op, inputs: readonly Node[], width: number, height: number, uniform: boolean, late: boolean, detail: Detail) {
    this.graph = graph;
    this.id = id;
    this.op = op;
    this.inputs = inputs;
    this.width = width;
    this.height = height;
    this.uniform = uniform;
    this.late = late;
    this.detail = detail;
  }

  /** Numbers of one lane, or of a matrix. */
  get size(): number {
    return this.width * Math.max(1, this.height);
  }

  add(other: Operand): Node { return this.graph.binary("add", this, other); }
  sub(other: Operand): Node { return this.graph.binary("sub", this, other); }
  mul(other: Operand): Node { return this.graph.binary("mul", this, other); }
  div(other: Operand): Node { return this.graph.binary("div", this, other); }
  neg(): Node { return this.graph.unary("neg", this); }
  square(): Node { return this.graph.unary("square", this); }
  /** Derivative ∞ at 0. */
  sqrt(): Node { return this.graph.unary("sqrt", this); }
  reciprocal(): Node { return this.graph.unary("reciprocal", this); }
  /** Subgradient 0 at 0. */
  abs(): Node { return this.graph.unary("abs", this); }
  /** −1, 0 or 1; derivative 0. */
  sign(): Node { return this.graph.unary("sign", this); }
  exp(): Node { return this.graph.unary("exp", this); }
  log(): Node { return this.graph.unary("log", this); }
  /** log(1 + x) */
  log1p(): Node { return this.graph.unary("log1p", this); }
  /** eˣ − 1 */
  expm1(): Node { return this.graph.unary("expm1", this); }
  sin(): Node { return this.graph.unary("sin", this); }
  cos(): Node { return this.graph.unary("cos", this); }
  /** 1 / (1 + e⁻ˣ) */
  sigmoid(): Node { return this.graph.unary("sigmoid", this); }
  /** log(1 + eˣ) */
  softplus(): Node { return this.graph.unary("softplus", this); }
  tanh(): Node { return this.graph.unary("tanh", this); }
  /** max(x, 0); subgradient 0 at 0. */
  relu(): Node { return this.graph.unary("relu", this); }
  /** x to a constant power; x ≥ 0 unless the exponent is a whole number. */
  pow(exponent: number): Node { return this.graph.power(this, exponent); }
  /** The greater of the two, entry by entry; where they are equal the gradient goes to this one. */
  maximum(other: Operand): Node { return this.graph.binary("maximum", this, other); }
  /** The lesser of the two, entry by entry; where they are equal the gradient goes to this one. */
  minimum(other: Operand): Node { return this.graph.binary("minimum", this, other); }
  /** min(max(x, least), most); gradient 1 on the bounds. */
  clamp(least: Operand, most: Operand): Node { return this.maximum(least).minimum(most); }
  /** 1 where this < other, else 0; derivative 0, as of all comparisons. */
  lt(other: Operand): Node { return this.graph.binary("lt", this, other); }
  le(other: Operand): Node { return this.graph.binary("le", this, other); }
  gt(other: Operand): Node { return this.graph.binary("lt", other, this); }
  ge(other: Operand): Node { return this.graph.binary("le", other, this); }
  eq(other: Operand): Node { return this.graph.binary("eq", this, other); }
  /** This as a condition: `yes` where it is not 0, `no` where it is. */
  where(yes: Operand, no: Operand): Node { return this.graph.select(this, yes, no); }

  /** Σ over the width. */
  sum(): Node { return this.graph.sum(this); }
  mean(): Node { return this.sum().mul(1 / this.size); }
  /** The greatest entry; of equal ones the first takes the gradient. */
  max(): Node { return this.graph.reduction("max", this); }
  /** The least entry; of equal ones the first takes the gradient. */
  min(): Node { return this.neg().max().neg(); }
  /** log Σ exp x over the width. */
  logSumExp(): Node { return this.graph.reduction("logSumExp", this); }
  softmax(): Node { return this.logSoftmax().exp(); }
  /** x − logSumExp(x), from differences to the greatest entry: exact digits whatever the size of the entries. */
  logSoftmax(): Node { return this.graph.reduction("logSoftmax", this); }
  /** Σ over the width of the product. */
  dot(other: Operand): Node { return this.graph.dot(this, other); }
  /** x · W for a parameter matrix `[in, out]`. */
  matmul(matrix: Node): Node { return this.graph.matmul(this, matrix); }
  /** The entry `index`; or, by a value of each lane, a whole number, the entry that it names: the nearest one where there is none. */
  at(index: number | Node): Node { return index instanceof Node ? this.graph.pick(this, index) : this.slice(index, index + 1); }
  /** The entries from `from` up to, not including, `to`. */
  slice(from: number, to: number): Node { return this.graph.slice(this, from, to); }
  /** The entries at these indices, in this order, repeats allowed. */
  gather(indices: readonly number[]): Node { return this.graph.gather(this, indices); }
  /** This and then the others, one after the other along the width. */
  concatenate(...others: readonly Operand[]): Node { return this.graph.concatenate([this, ...others]); }

  [Symbol.toPrimitive](): never {
    throw new TypeError(
      `${this.graph.caller}: a node has no number while the formula is traced. Use its methods: x.add(y) for x + y, x.lt(y) for x < y, x.lt(y).where(a, b) for x < y ? a : b.`,
    );
  }
}

/** `yes` where the condition is not 0, `no` where it is. */
export function where(condition: Node, yes: Operand, no: Operand): Node {
  return condition.where(yes, no);
}

/** The nodes one after the other along the width. */
export function concatenate(first: Node, ...others: readonly Operand[]): Node {
  return first.concatenate(...others);
}
