import "../../src/index.ts";
import { instance, type Precision } from "../../src/core/core.ts";
import { type Field, region } from "../../src/core/region.ts";
import { traced } from "../../src/tape/expression.ts";
import { expression, type Names, type Node, type Widths } from "../../src/tape/index.ts";
import { type Shapes, sizeOf, volume } from "../../src/vocabulary/distribution.ts";
import { type Arrays, evaluate, laneOf } from "../../reference/tape/evaluate.ts";
import { reverse } from "../../reference/tape/reverse.ts";

export const core = instance({});

export interface Setting {
  readonly dim: number;
  readonly rows: number;
  readonly batch?: number;
  readonly precision?: Precision;
  /** Rows that room is kept for, if more. */
  readonly most?: number;
}

export interface Results {
  readonly value: number[];
  readonly gradient: number[];
  readonly into: number[];
}

export type Formula<P extends Shapes, C extends Widths> = (x: Node, names: Names<P, C>) => Node;

/** Numbers in (−1, 1) that look random and are the same everywhere. */
export function numbers(length: number, seed: number): Float64Array {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.999;
  });
}

/** Rounded to the precision, so that the twin computes from what the core has. */
export const rounded = (x: ArrayLike<number>, precision: Precision): Float64Array =>
  Float64Array.from(x, (each) => (precision === "f32" ? Math.fround(each) : each));

/** The three evaluations of an expression in the core. Arrays may be told from others of their name as "param x" and "context x". */
export function run<P extends Shapes, C extends Widths>(formula: Formula<P, C>, params: P, context: C, setting: Setting, arrays: Arrays): Results {
  const { dim, rows, batch = 1, precision = "f64", most = rows } = setting;
  const block = region(core, precision);
  const fields = new Map<string, Field>();
  const bound = expression(formula, params, context).bind({
    region: block, dim, batch, rows: most,
    context(name, width) {
      const field = block.reserve(batch * width);
      fields.set(name, field);
      return field;
    },
  });
  const [x, value, gradient, weight, into] = [most * dim, most, most * dim, most, sizeOf(params)].map((length) => block.reserve(length)) as [Field, Field, Field, Field, Field];
  block.allocate("test");
  try {
    x.view().set(arrays["x"]!);
    weight.view().set(arrays["cotangent"]!);
    bound.params.view().set(Object.keys(params).flatMap((name) => Array.from(arrays[`param ${name}`] ?? arrays[name]!)));
    for (const [name, field] of fields) field.view().set(arrays[`context ${name}`] ?? arrays[name]!);
    const lanes = { batch, context: {} };
    bound.evaluate(rows, x.at, value.at, lanes);
    const alone = Array.from(value.view().slice(0, rows));
    bound.differentiate(rows, x.at, value.at, gradient.at, lanes);
    const both = Array.from(value.view().slice(0, rows));
    if (both.some((v, i) => !Object.is(v, alone[i]))) throw new Error("value differs between evaluate and differentiate");
    bound.pullback(rows, x.at, weight.at, into.at, lanes);
    return { value: both, gradient: Array.from(gradient.view().slice(0, rows * dim)), into: Array.from(into.view()) };
  } finally {
    block.free();
  }
}

/** The same by the twin. Context arrays are repeated over the rows. */
export function twin<P extends Shapes, C extends Widths>(formula: Formula<P, C>, params: P, context: C, setting: Setting, arrays: Arrays): Results {
  const { dim, rows, batch = 1 } = setting;
  const { x, value, parameters } = traced(formula, params, context, dim, batch === 1);
  const repeated: Record<string, ArrayLike<number>> = { ...arrays };
  for (const [name, width] of Object.entries(context)) {
    if (batch > 1) repeated[name] = Float64Array.from({ length: rows * width }, (_, i) => arrays[name]![(Math.floor(i / width) % batch) * width + (i % width)]!);
  }
  const values = evaluate([value], rows, repeated);
  const [gradient] = reverse(value, new Float64Array(rows).fill(1), [x], rows, repeated);
  const into = reverse(value, arrays["cotangent"]!, parameters, rows, repeated);
  return {
    value: Array.from({ length: rows }, (_, lane) => laneOf(values, value, lane)[0]!),
    gradient: Array.from(gradient!),
    into: into.flatMap((each) => Array.from(each)),
  };
}

/** Arrays for an expression: numbers in (−1, 1); those of x and of the context shifted. */
export function arraysFor(params: Shapes, context: Widths, { dim, rows, batch = 1, precision = "f64" }: Setting, shift = 0, seed = 1): Record<string, Float64Array> {
  const made: Record<string, Float64Array> = {
    x: numbers(rows * dim, seed).map((v) => v + shift),
    cotangent: numbers(rows, seed + 1),
  };
  Object.entries(params).forEach(([name, shape], i) => (made[name] = numbers(volume(shape), seed + 2 + i)));
  Object.entries(context).forEach(([name, width], i) => (made[name] = numbers(batch * width, seed + 50 + i).map((v) => v + shift)));
  for (const name of Object.keys(made)) made[name] = rounded(made[name]!, precision);
  return made;
}

/** The largest difference in units of the largest entry (at least 1). */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  const scale = b.reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 1);
  return a.reduce((worst, v, i) => Math.max(worst, Object.is(v, b[i]) || v === b[i] ? 0 : Number.isNaN(v - b[i]!) ? Infinity : Math.abs(v - b[i]!) / scale), 0);
}
