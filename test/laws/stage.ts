import { readFileSync } from "node:fs";
import { type Core, instance, type Points, type Precision } from "../../src/core/core.ts";
import type { Kernels } from "../../src/core/kernels.ts";
import { type Field, region } from "../../src/core/region.ts";
import { key } from "../../src/key.ts";
import { arrayOf, packTheta, reserveTheta } from "../../src/parameters.ts";
import type { Averaged, Binary, Centred, Circular, Conditional, Cumulative, Distribution, Divergent, Entropic, Finite, Gapped, Invertible, Measurable, Quadratic, Relaxable, Reparameterizable, Separable, Smooth, Stream, Theta } from "../../src/vocabulary/distribution.ts";
import { volume } from "../../src/vocabulary/distribution.ts";

/** One problem's parameters, by name. */
export type Problem = Readonly<Record<string, readonly number[]>>;
export type Family = Distribution & Partial<Finite & Separable & Binary & Relaxable & Reparameterizable & Entropic & Pick<Divergent, "divergence"> & Averaged & Circular & Measurable & Smooth & Invertible & Centred & Quadratic & Conditional & Gapped & Cumulative>;

let core: Core | undefined;
export const testCore = (): Core => (core ??= instance({ module: new WebAssembly.Module(readFileSync("build/kernels.wasm")) }));

export const stream = (seed = 1, site = 0, chunk = 0): Stream => ({ key: key(seed), site, chunk });

/** A family with its θ in memory, and the calls of its vocabulary on plain arrays. */
export interface Stage extends Disposable {
  readonly kernels: Kernels;
  readonly theta: Theta;
  /** Runs a kernel on copies of these arrays (of zeros where a length is given), and gives them back; fails if it wrote beyond one. */
  run(arrays: readonly (Points | number)[], kernel: (at: readonly number[]) => void): readonly Points[];
  sample(rows: number, from?: Stream): Points;
  draw(rows: number, from?: Stream): { readonly x: Points; readonly noise: Points };
  logProb(x: Points): Points;
  /** Terms packed by parameter; `before` is what they hold already. */
  score(x: Points, coefficient: Points, before?: number): Points;
  pull(x: Points, noise: Points, cotangent: Points, before?: number): Points;
  push(x: Points, noise: Points, tangent: Points): Points;
  logProbGradient(x: Points, coefficient: Points, before?: number): Points;
  /** x of given uniforms, and the noise that the path keeps. */
  invert(uniform: Points): { readonly x: Points; readonly noise: Points };
  moments(): { readonly mean: Points; readonly variance: Points };
  entropy(sign: number): { readonly value: Points; readonly gradient: Points };
  divergence(prior: Theta, sign: number): { readonly value: Points; readonly gradient: Points };
}

const CANARY = 0x55;

export function stage(p: Family, precision: Precision, problems: readonly Problem[]): Stage {
  const batch = problems.length;
  const block = region(testCore(), precision);
  const reserved = reserveTheta(block, p, batch);
  block.allocate("test");
  packTheta("test", p, packed(p, precision, problems), batch, precision, reserved.params);
  const kernels = testCore().kernels[precision];
  const { theta } = reserved;
  p.prepare(kernels, reserved.params.at, theta);
  const size = reserved.params.length / batch;

  function run(arrays: readonly (Points | number)[], kernel: (at: readonly number[]) => void): readonly Points[] {
    const own = region(testCore(), precision);
    const fields = arrays.map((a) => own.reserve(typeof a === "number" ? a : a.length));
    own.allocate("test");
    fields.forEach((field, i) => typeof arrays[i] !== "number" && field.view().set(arrays[i] as Float64Array));
    const margins = fields.map((field) => margin(field, own.bytes));
    for (const each of margins) each.fill(CANARY);
    kernel(fields.map((field) => field.at));
    const out = fields.map((field) => field.view().slice() as Points);
    const broken = margins.findIndex((each) => each.some((byte) => byte !== CANARY));
    own.free();
    if (broken >= 0) throw new Error(`${p.name} wrote beyond array ${broken} of ${fields.map((f) => f.length).join(", ")}`);
    return out;
  }

  const filled = (length: number, value: number): Points => arrayOf(precision, length).fill(value);
  const rowsOf = (x: Points): number => x.length / p.dim;
  const exact = (kernel: (value: number, gradient: number) => void): { value: Points; gradient: Points } => {
    const [value, gradient] = run([batch, batch * size], ([v, g]) => kernel(v!, g!));
    return { value: value!, gradient: gradient! };
  };
  return {
    kernels,
    theta,
    run,
    sample: (rows, from = stream()) => run([rows * p.dim], ([x]) => p.sample(kernels, from, rows, theta, x!))[0]!,
    draw(rows, from = stream()) {
      const [x, noise] = run([rows * p.dim, rows * p.path!.noise], ([xAt, noiseAt]) => p.path!.draw(kernels, from, rows, theta, noiseAt!, xAt!));
      return { x: x!, noise: noise! };
    },
    logProb: (x) => run([x, rowsOf(x)], ([at, out]) => p.logProb!(kernels, rowsOf(x), theta, at!, out!))[1]!,
    score: (x, coefficient, before = 0) =>
      run([x, coefficient, filled(rowsOf(x) * size, before)], ([at, c, terms]) => p.score!(kernels, rowsOf(x), theta, at!, c!, terms!))[2]!,
    pull: (x, noise, cotangent, before = 0) =>
      run([x, noise, cotangent, filled(rowsOf(x) * size, before)], ([at, n, c, terms]) => p.path!.pull(kernels, rowsOf(x), theta, n!, at!, c!, terms!))[3]!,
    push: (x, noise, tangent) =>
      run([x, noise, tangent, x.length], ([at, n, t, out]) => p.path!.push!(kernels, rowsOf(x), theta, n!, at!, t!, out!))[3]!,
    logProbGradient: (x, coefficient, before = 0) =>
      run([x, coefficient, filled(x.length, before)], ([at, c, out]) => p.logProbGradient!(kernels, rowsOf(x), theta, at!, c!, out!))[2]!,
    invert(uniform) {
      const rows = uniform.length / p.quantile!.uniforms;
      const lengths = [rows * p.dim, rows * (p.path?.noise ?? 0)] as const;
      const [x, noise] = run([...lengths, uniform], ([xAt, noiseAt, u]) => p.quantile!.draw(kernels, rows, theta, u!, noiseAt!, xAt!));
      return { x: x!, noise: noise! };
    },
    moments() {
      const [mean, variance] = run([batch * p.dim, batch * p.dim], ([m, v]) => p.moments!(kernels, theta, m!, v!));
      return { mean: mean!, variance: variance! };
    },
    entropy: (sign) => exact((value, gradient) => p.entropy!(kernels, theta, sign, value, gradient)),
    divergence: (prior, sign) => exact((value, gradient) => p.divergence!(kernels, theta, prior, sign, value, gradient)),
    [Symbol.dispose]: () => block.free(),
  };
}

/** The bytes of the 64 after a field that are not its own. */
function margin(field: Field, bytes: number): Uint8Array {
  return new Uint8Array(testCore().heap.buffer(), field.at + field.length * bytes, 64);
}

/** `[batch, …shape]` arrays of some problems. */
export function packed(p: Distribution, precision: Precision, problems: readonly Problem[]): Record<string, Points> {
  return Object.fromEntries(Object.keys(p.params).map((name) => [name, (precision === "f64" ? Float64Array : Float32Array).from(problems.flatMap((q) => [...q[name]!]))]));
}

/** One number of θ of all problems moved by `step`: the problems, and where its terms are. */
export function* directions(p: Distribution, problems: readonly Problem[], step: number): Generator<{ readonly name: string; readonly j: number; readonly offset: number; readonly width: number; readonly up: Problem[]; readonly down: Problem[] }> {
  let offset = 0;
  for (const [name, shape] of Object.entries(p.params)) {
    const width = volume(shape);
    for (let j = 0; j < width; j++) {
      const moved = (by: number): Problem[] => problems.map((q) => ({ ...q, [name]: q[name]!.map((v, k) => (k === j ? v + by : v)) }));
      yield { name, j, offset, width, up: moved(step), down: moved(-step) };
    }
    offset += width;
  }
}
