import { BYTES, type Points, type Precision } from "../core/core.ts";
import { finite, has, integer, listed, wrongKind, wrongValue } from "../errors.ts";
import { isArray, numbers, recordOf } from "../parameters.ts";
import { type Shapes, volume } from "../vocabulary/distribution.ts";
import type { Parameter, Program, Trace } from "./program.ts";

/** A program and the parameters of one call, checked. */
export interface Call {
  readonly caller: string;
  readonly trace: Trace;
  readonly precision: Precision;
  /** Whether each parameter was given as a bare number. */
  readonly bare: ReadonlySet<string>;
  /** All parameters, one after the other. */
  readonly packed: Float64Array;
}

/**
 * Arrays decide the precision, and all must agree; where there are bare numbers alone, the option does.
 */
export function called(caller: string, program: Program, parameters: unknown, precision: Precision | undefined): Call {
  if (!has("trace", program)) throw wrongKind(caller, "program", "a program", program, "Make one with program(({ p }, draw) => …).");
  const context = Object.keys(program.context);
  if (context.length > 0) throw wrongKind(caller, "program", "a program without context", `one with ${listed(context)}`, "Use programGradient(), whose estimates take { context }.");
  const record = recordOf(caller, "parameters", parameters, Object.keys(program.params ?? {}));
  const names = Object.keys(program.params ?? record);
  const unknown = Object.keys(record).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw wrongValue(caller, "parameters", listed(names), `also ${listed(unknown)}`);
  const kind = precisionOf(caller, record, precision);
  const shapes: Record<string, readonly number[]> = {};
  for (const name of names) shapes[name] = program.params?.[name] ?? [shapeOf(caller, name, record[name])];
  return {
    caller,
    trace: program.trace(caller, shapes),
    precision: kind,
    bare: new Set(names.filter((name) => typeof record[name] === "number")),
    packed: packed(caller, record, shapes, kind),
  };
}

function precisionOf(caller: string, record: Readonly<Record<string, unknown>>, wanted: Precision | undefined): Precision {
  if (wanted !== undefined && !Object.hasOwn(BYTES, wanted)) throw wrongValue(caller, "precision", '"f64" or "f32"', wanted);
  const found = new Set(Object.values(record).flatMap((value) => (["f64", "f32"] as const).filter((kind) => isArray(value, kind))));
  if (wanted !== undefined) found.add(wanted);
  if (found.size > 1) throw wrongKind(caller, "parameters", "arrays of one precision", "Float64Array and Float32Array", "One call has one precision.");
  return [...found][0] ?? "f64";
}

function shapeOf(caller: string, name: string, value: unknown): number {
  if (typeof value === "number") return 1;
  if (!isArray(value, "f64") && !isArray(value, "f32")) throw wrongKind(caller, `parameters.${name}`, "a number, a Float64Array or a Float32Array", value);
  return integer(caller, `parameters.${name}.length`, value.length);
}

function packed(caller: string, record: Readonly<Record<string, unknown>>, shapes: Shapes, precision: Precision): Float64Array {
  const all: number[] = [];
  for (const [name, shape] of Object.entries(shapes)) {
    const value = record[name] as Parameter;
    const array = typeof value === "number" && volume(shape) === 1 ? [value] : numbers(caller, `parameters.${name}`, value, precision, volume(shape));
    for (const [i, number] of Array.from(array as ArrayLike<number>).entries()) all.push(finite(caller, array.length === 1 ? `parameters.${name}` : `parameters.${name}[${i}]`, number));
  }
  return Float64Array.from(all);
}

/** Where a parameter's numbers are among all. */
export function partOf(shapes: Shapes, name: string): { at: number; length: number } {
  let at = 0;
  for (const [other, shape] of Object.entries(shapes)) {
    if (other === name) return { at, length: volume(shape) };
    at += volume(shape);
  }
  return { at, length: 0 };
}

export type Results<V extends Readonly<Record<string, Parameter>>> = { readonly [K in keyof V]: V[K] extends number ? number : V[K] extends Points ? Points : number | Points };
