import type { Points, Precision } from "./core/core.ts";
import type { Field } from "./core/region.ts";
import { listed, wrongKind, wrongValue } from "./errors.ts";
import { type Distribution, type Shapes, type Values, volume } from "./vocabulary/distribution.ts";

const ARRAYS = { f64: Float64Array, f32: Float32Array } as const;

export function arrayOf(precision: Precision, length: number): Points {
  return new ARRAYS[precision](length);
}

/** `value` if it is an array of this precision and length. */
export function numbers(caller: string, argument: string, value: unknown, precision: Precision, length: number): Points {
  const wanted = ARRAYS[precision];
  if (!(value instanceof wanted)) {
    const cure = ArrayBuffer.isView(value) ? 'One call has one precision: make its arrays alike, or say { precision: "f32" }.' : "";
    throw wrongKind(caller, argument, `a ${wanted.name} of ${length}`, value, cure);
  }
  if (value.length !== length) throw wrongValue(caller, argument, `${length} numbers`, String(value.length));
  return value;
}

/** The precision of the arrays of a record; they must agree. */
export function precisionOf(caller: string, argument: string, arrays: Readonly<Record<string, unknown>>): Precision {
  let found: Precision | undefined;
  for (const [name, array] of Object.entries(arrays)) {
    const precision = array instanceof Float64Array ? "f64" : array instanceof Float32Array ? "f32" : undefined;
    if (precision === undefined) throw wrongKind(caller, `${argument}.${name}`, "a Float64Array or a Float32Array", array);
    if (found !== undefined && precision !== found) throw wrongKind(caller, `${argument}.${name}`, `a ${ARRAYS[found].name}, as the arrays before it`, array, "One call has one precision.");
    found = precision;
  }
  if (found === undefined) throw wrongKind(caller, argument, "at least one array", arrays);
  return found;
}

/** Copies named arrays into one field, packed by name in the order of `shapes`: `[problems, …shape]` each. */
export function pack(caller: string, argument: string, values: unknown, shapes: Shapes, problems: number, precision: Precision, into: Field): void {
  const record = recordOf(caller, argument, values, Object.keys(shapes));
  const target = into.view();
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const array = numbers(caller, `${argument}.${name}`, record[name], precision, problems * volume(shape));
    target.set(array as Float64Array, at);
    at += array.length;
  }
}

/** `values` if it is an object that has all the names. */
export function recordOf(caller: string, argument: string, values: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof values !== "object" || values === null || ArrayBuffer.isView(values)) {
    throw wrongKind(caller, argument, `an object with ${listed(names)}`, values);
  }
  return values as Record<string, unknown>;
}

/** Packs θ and refuses numbers that the family does not admit, before any kernel sees them. */
export function packTheta(caller: string, p: Distribution, params: unknown, batch: number, precision: Precision, into: Field): void {
  pack(caller, "params", params, p.params, batch, precision, into);
  const record = params as Values<Shapes>;
  for (const [name, domain] of Object.entries(p.domains)) {
    const array = record[name]!;
    for (let i = 0; i < array.length; i++) {
      if (!domain.admits(array[i]!)) throw wrongValue(caller, `params.${name}[${i}]`, domain.expected, array[i]);
    }
  }
  const complaint = p.verify?.(record, batch);
  if (complaint !== undefined) throw new RangeError(`${caller}: ${complaint}`);
}

/** Parts of a packed array by name, each copied into an array of its own (or into `out`). */
export function unpack(packed: Points, shapes: Shapes, problems: number, precision: Precision, out?: Readonly<Record<string, Points>>): Record<string, Points> {
  const record: Record<string, Points> = out === undefined ? {} : (out as Record<string, Points>);
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const length = problems * volume(shape);
    const part = packed.subarray(at, at + length);
    if (out === undefined) record[name] = arrayOf(precision, length);
    record[name]!.set(part as Float64Array);
    at += length;
  }
  return record;
}
