import type { Core, Points, Precision } from "./core/core.ts";
import { type Field, region, type Region } from "./core/region.ts";
import { has, integer, lacking, onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import { type Key, keyed } from "./key.ts";
import { arrayOf, isArray, numbers, packTheta, precisionOf, type Prepared, recordOf, reserveTheta, unpack } from "./parameters.ts";
import { type Dense, type Distribution, type Scored, type Shapes, sizeOf, type Values } from "./vocabulary/distribution.ts";

/** Rows of one chunk of a stream. */
export const CHUNK = 1024;

export interface SampleOptions {
  /** Draws for each problem. */
  readonly samples: number;
  /** Independent problems, each with its own parameters; 1 unless given. */
  readonly batch?: number;
  /** Start at this row of the stream (row = sample · batch + problem), a multiple of 1,024; 0 unless given. */
  readonly first?: number;
}

/**
 * Draws from p(θ): `[samples, batch, dim]`, in the precision of the parameters.
 *
 * The first rows of a longer run are the rows of a shorter one, and a run may be split over calls at multiples of 1,024 rows.
 *
 * @throws {TypeError} if the parameters are not all Float64Array or all Float32Array
 * @throws {RangeError} if a length or a parameter is outside its domain
 */
export function sampleOn<S extends Shapes, A extends Points>(core: Core, p: Distribution<S>, params: Values<S, A>, key: Key, options: SampleOptions): A {
  const caller = "sample";
  family(caller, p, "sample");
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["samples", "batch", "first"]);
  const samples = integer(caller, "samples", options.samples, 0);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const first = integer(caller, "first", options.first ?? 0, 0, CHUNK * (2 ** 32 - 1));
  if (first % CHUNK !== 0) throw wrongValue(caller, "first", `a multiple of ${CHUNK}`, first, "Chunks of a stream are whole.");
  if (first % batch !== 0) throw wrongValue(caller, "first", `a multiple of batch (${batch})`, first, "A run starts with problem 0.");
  const rows = samples * batch;
  if (first / CHUNK + Math.ceil(rows / CHUNK) > 2 ** 32) throw wrongValue(caller, "first", "a run that ends before row 2⁴², where the stream does", first);
  return withTheta(core, caller, p, params, batch, [rows * p.dim], ([x], { theta }, precision, block) => {
    p.sample(block.core.kernels[precision], { key: keyed(caller, key), site: 0, chunk: first / CHUNK }, rows, theta, x!.at);
    return copied(x!, precision) as A;
  });
}

/**
 * log p(x; θ), `[samples, batch]`, for x `[samples, batch, dim]`: −∞ outside the support and where a number is infinite, NaN where one is NaN.
 */
export function logProbOn<S extends Shapes, A extends Points>(core: Core, p: Distribution<S> & Dense, params: Values<S, A>, x: A, options: { readonly batch?: number } = {}): A {
  const { rows, batch } = rowsOf("logProb", p, x, options);
  return withTheta(core, "logProb", p, params, batch, [x.length, rows], ([at, out], { theta }, precision, block) => {
    at!.view().set(numbers("logProb", "x", x, precision, x.length) as Float64Array);
    p.logProb(block.core.kernels[precision], rows, theta, at!.at, out!.at);
    const logs = copied(out!, precision) as A;
    markImproper(p.dim, x, logs);
    return logs;
  });
}

/** What no support has: −∞ where a number of the row is infinite, NaN where one is NaN, whatever the kernels make of it. */
function markImproper(dim: number, x: Points, logs: Points): void {
  x.forEach((value: number, i: number) => {
    if (Number.isFinite(value)) return;
    const row = Math.floor(i / dim);
    logs[row] = Number.isNaN(value) || x.subarray(row * dim, i).some(Number.isNaN) ? Number.NaN : -Infinity;
  });
}

/**
 * ∂ log p(x; θ)/∂θ for each row of x `[samples, batch, dim]`: by parameter, `[samples, batch, …shape]`; NaN in rows outside the support, where
 * log p is −∞ or NaN.
 */
export function scoreOn<S extends Shapes, A extends Points>(core: Core, p: Distribution<S> & Scored, params: Values<S, A>, x: A, options: { readonly batch?: number } = {}): Values<S, A> {
  const { rows, batch } = rowsOf("score", p, x, options);
  const lengths = [x.length, rows, rows * sizeOf(p.params)];
  return withTheta(core, "score", p, params, batch, lengths, ([at, one, terms], { theta }, precision, block) => {
    at!.view().set(numbers("score", "x", x, precision, x.length) as Float64Array);
    one!.view().fill(1);
    const kernels = block.core.kernels[precision];
    p.score(kernels, rows, theta, at!.at, one!.at, terms!.at);
    p.logProb(kernels, rows, theta, at!.at, one!.at);
    const logs = copied(one!, precision);
    markImproper(p.dim, x, logs);
    const scores = unpack(terms!.view(), p.params, rows);
    for (const score of Object.values(scores)) {
      const width = score.length / rows;
      logs.forEach((log: number, row: number) => log > -Infinity || score.fill(Number.NaN, row * width, (row + 1) * width));
    }
    return scores as Values<S, A>;
  });
}

function rowsOf(caller: "logProb" | "score", p: Distribution, x: Points, options: { readonly batch?: number }): { rows: number; batch: number } {
  family(caller, p, caller);
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["batch"]);
  const batch = integer(caller, "batch", options.batch ?? 1);
  if (!isArray(x, "f64") && !isArray(x, "f32")) throw wrongKind(caller, "x", "a Float64Array or a Float32Array", x);
  const rows = x.length / p.dim;
  if (!Number.isInteger(rows / batch)) throw wrongValue(caller, "x", `a multiple of batch · dim = ${batch * p.dim} numbers`, String(x.length));
  return { rows, batch };
}

/** Refuses what is no distribution, one behind a network, and one without the capability. */
export function family(caller: string, p: unknown, capability: string): void {
  if (!has("sample", p)) throw wrongKind(caller, "p", "a distribution", p, "Make one, such as normal(3).");
  const { name, family, [capability]: found } = p as Record<string, unknown>;
  if (family !== undefined) throw wrongKind(caller, "p", "a family with parameters of its own", `given(${String(name)})`, "Pass the family, and its parameters.");
  if (found === undefined) throw lacking(caller, String(name), capability);
}

/** Runs `use` with θ prepared and arrays of the given lengths, and frees all of it. `also` reserves what else it needs. */
export function withTheta<R>(
  core: Core,
  caller: string,
  p: Distribution,
  params: unknown,
  batch: number,
  lengths: readonly number[],
  use: (fields: readonly Field[], theta: Prepared, precision: Precision, block: Region) => R,
  also: (block: Region) => void = () => {},
): R {
  const precision = precisionOf(caller, "params", recordOf(caller, "params", params, Object.keys(p.params)));
  const block = region(core, precision);
  const theta = reserveTheta(block, p, batch);
  const fields = lengths.map((length) => block.reserve(length));
  also(block);
  block.allocate(caller);
  try {
    packTheta(caller, p, params, batch, precision, theta.params);
    p.prepare(block.core.kernels[precision], theta.params.at, theta.theta);
    return use(fields, theta, precision, block);
  } finally {
    block.free();
  }
}

export function copied(field: Field, precision: Precision): Points {
  const out = arrayOf(precision, field.length);
  out.set(field.view() as Float64Array);
  return out;
}
