import type { Points, Precision } from "./core/core.ts";
import type { Field, Region } from "./core/region.ts";
import { listed, wrongKind, wrongValue } from "./errors.ts";
import { type Distribution, eachPart, type Shapes, sizeOf, type Theta, tileOf } from "./vocabulary/distribution.ts";

const ARRAYS = { f64: Float64Array, f32: Float32Array } as const;

export function arrayOf(precision: Precision, length: number): Points {
  return new ARRAYS[precision](length);
}

/** `value` if it is an array of this precision and length. */
export function numbers(caller: string, argument: string, value: unknown, precision: Precision, length: number): Points {
  const wanted = ARRAYS[precision];
  if (!isArray(value, precision)) {
    const cure = ArrayBuffer.isView(value) ? 'One call has one precision: make its arrays alike, or say { precision: "f32" }.' : "";
    throw wrongKind(caller, argument, `a ${wanted.name} of ${length}`, value, cure);
  }
  if (value.length !== length) throw wrongValue(caller, argument, `${length} numbers`, String(value.length));
  return value;
}

/** By its tag and not by instanceof: an array of another realm (a frame, an edge sandbox) is one too. */
export function isArray(value: unknown, precision: Precision): value is Points {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${ARRAYS[precision].name}]`;
}

/** The precision of the arrays of a record; they must agree. */
export function precisionOf(caller: string, argument: string, arrays: Readonly<Record<string, unknown>>): Precision {
  let found: Precision | undefined;
  for (const [name, array] of Object.entries(arrays)) {
    const precision = isArray(array, "f64") ? "f64" : isArray(array, "f32") ? "f32" : undefined;
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
  eachPart(shapes, problems, (name, at, length) => target.set(numbers(caller, `${argument}.${name}`, record[name], precision, length) as Float64Array, at));
}

/** `values` if it is an object that has all the names. */
export function recordOf(caller: string, argument: string, values: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof values !== "object" || values === null || ArrayBuffer.isView(values)) {
    throw wrongKind(caller, argument, `an object with ${listed(names) || "arrays by name"}`, values);
  }
  return values as Record<string, unknown>;
}

/** Packs θ and refuses numbers that the family does not admit, before any kernel sees them. */
export function packTheta(caller: string, p: Distribution, params: unknown, batch: number, precision: Precision, into: Field): void {
  pack(caller, "params", params, p.params, batch, precision, into);
  checkTheta(caller, "params.", p, into, batch);
}

/** The rules of a family for its packed parameters: the domain of each, and what must hold between them. */
export function checkTheta(caller: string, prefix: string, p: Distribution, packed: Field, batch: number, cure = ""): void {
  const view = packed.view();
  const record: Record<string, Points> = {};
  eachPart(p.params, batch, (name, at, length) => {
    const { admits, expected } = p.domains[name]!;
    const own = view.subarray(at, at + length);
    for (let i = 0; i < length; i++) if (!admits(own[i]!)) throw wrongValue(caller, `${prefix}${name}[${i}]`, expected, own[i], cure);
    record[name] = own;
  });
  const complaint = p.verify?.(record, batch);
  if (complaint !== undefined) throw new RangeError(`${caller}: ${complaint}`);
}

/** Parts of a packed array by name, each copied into an array of its own. */
export function unpack(packed: Points, shapes: Shapes, problems: number): Record<string, Points> {
  const record: Record<string, Points> = {};
  eachPart(shapes, problems, (name, at, length) => (record[name] = packed.slice(at, at + length)));
  return record;
}

/** θ of one call in linear memory, checked and prepared. */
export interface Prepared {
  readonly params: Field;
  readonly prepared: Field;
  readonly theta: Theta;
}

/** Reserves room for θ; `theta.at` holds once the region is allocated. */
export function reserveTheta(block: Region, p: Distribution, batch: number): Prepared {
  const tile = tileOf(batch * p.dim);
  block.need(p.modules);
  const params = block.reserve(batch * sizeOf(p.params));
  const prepared = block.reserve(p.prepared(batch, tile));
  return {
    params,
    prepared,
    theta: {
      batch,
      tile,
      get at() {
        return prepared.at;
      },
    },
  };
}
