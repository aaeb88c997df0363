import type { Core, Points } from "../core/core.ts";
import { region } from "../core/region.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Estimate } from "../estimate.ts";
import { type Line, lineChart } from "./chart.ts";

export interface TelemetryOptions {
  /** Share of the past in the running moments, in [0, 1); 0.99 unless given. */
  readonly decay?: number;
  /** Points of the history that are kept at most; when they are more, every second is dropped. 512 unless given. */
  readonly history?: number;
}

/** The running moments of one parameter's gradient, coordinate by coordinate. */
export interface GradientMoments {
  /** Of the gradient over the estimates seen. */
  readonly mean: Float64Array;
  /** Of the gradient over the estimates seen: what the noise and the movement of the parameters do to it. */
  readonly variance: Float64Array;
  /** Mean of the squared standard errors: the noise alone. NaN for parameters that have none (a network's, f's own). */
  readonly noise: Float64Array;
}

export interface HistoryPoint {
  /** Estimates seen until then. */
  readonly step: number;
  /** The natural logarithm of the mean over the coordinates of the noise, or of the variance where there is no standard error. */
  readonly logVariance: Readonly<Record<string, number>>;
}

/** What the gradients of a run are like, as it goes on. */
export interface Telemetry {
  /** Estimates seen. */
  readonly steps: number;
  /** Takes an estimate in. */
  observe(estimate: Estimate): void;
  /** By parameter name; empty before the first estimate. */
  readonly moments: Readonly<Record<string, GradientMoments>>;
  readonly history: readonly HistoryPoint[];
  /** The history as an SVG chart: log variance against steps, a line a parameter. */
  chart(options?: { readonly width?: number; readonly height?: number; readonly title?: string }): string;
  /** All of it as plain JSON; `telemetry({ … }, json)` goes on from there. */
  toJSON(): TelemetryJSON;
}

/** A telemetry as plain JSON. */
export interface TelemetryJSON {
  readonly version: 1;
  readonly steps: number;
  readonly stride: number;
  /** Weight of all that was seen, for the pull of the start. */
  readonly weight: number;
  /** By parameter name: running means of gradient, its square, and the squared standard error (null where there is none). */
  readonly sums: Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
  readonly history: readonly HistoryPoint[];
}

interface Sums {
  readonly mean: Float64Array;
  readonly square: Float64Array;
  readonly noise: Float64Array;
}

/**
 * An observer of estimates: running variance of each coordinate of the gradient, and its history as data and as a small chart.
 *
 * @param from  the JSON of another, to go on from
 */
export function telemetryOn(core: Core, options: TelemetryOptions = {}, from?: TelemetryJSON): Telemetry {
  onlyOptions("telemetry", options, ["decay", "history"]);
  const decay = finite("telemetry", "decay", options.decay ?? 0.99, "a number in [0, 1)", (x) => x >= 0 && x < 1);
  const most = integer("telemetry", "history", options.history ?? 512, 2);
  if (from !== undefined && from.version !== 1) throw wrongValue("telemetry", "from.version", "1", from.version, "It was saved by another version of gradex.");
  const sums = new Map<string, Sums>(Object.entries(from?.sums ?? {}).map(([name, arrays]) => [name, restored(arrays)]));
  let history: HistoryPoint[] = [...(from?.history ?? [])];
  let [steps, stride, weight] = [from?.steps ?? 0, from?.stride ?? 1, from?.weight ?? 0];

  const moments = (name: string): GradientMoments => {
    const { mean, square, noise } = sums.get(name)!;
    const centre = mean.map((own) => own / weight);
    return { mean: centre, variance: square.map((own, i) => Math.max(0, own / weight - centre[i]! * centre[i]!)), noise: noise.map((own) => own / weight) };
  };
  const point = (): HistoryPoint => {
    const names = [...sums.keys()];
    const variances = names.map((name) => {
      const { variance, noise } = moments(name);
      return average(Number.isNaN(noise[0]) ? variance : noise);
    });
    const logs = logarithms(core, variances);
    return { step: steps, logVariance: Object.fromEntries(names.map((name, i) => [name, logs[i]!])) };
  };
  return {
    get steps() {
      return steps;
    },
    observe({ gradient, standardError }) {
      if (typeof gradient !== "object" || gradient === null) throw wrongKind("observe", "estimate", "an estimate", gradient);
      for (const [name, g] of Object.entries(gradient as Readonly<Record<string, Points>>)) follow(sums, name, g, (standardError as Readonly<Record<string, Points>>)[name], decay);
      weight = decay * weight + 1 - decay;
      steps++;
      if (steps % stride !== 0) return;
      history.push(point());
      if (history.length <= most) return;
      stride *= 2;
      history = history.filter(({ step }) => step % stride === 0);
    },
    get moments() {
      return Object.fromEntries([...sums.keys()].map((name) => [name, moments(name)]));
    },
    get history() {
      return history;
    },
    chart: (size = {}) => {
      onlyOptions("chart", size, ["width", "height", "title"]);
      return lineChart([...sums.keys()].map((name): Line => ({ name, points: history.map(({ step, logVariance }) => [step, logVariance[name]!]) })), { ...size, x: "estimates", y: "log variance" });
    },
    toJSON: () => ({
      version: 1,
      steps,
      stride,
      weight,
      sums: Object.fromEntries([...sums].map(([name, own]) => [name, [own.mean, own.square, own.noise].map((array) => Array.from(array, (x) => (Number.isNaN(x) ? null : x)))])),
      history,
    }),
  };
}

function follow(sums: Map<string, Sums>, name: string, g: Points, error: Points | undefined, decay: number): void {
  const zeros = (): Float64Array => new Float64Array(g.length);
  let own = sums.get(name);
  if (own === undefined) sums.set(name, (own = { mean: zeros(), square: zeros(), noise: zeros() }));
  if (own.mean.length !== g.length) throw wrongValue("observe", `estimate.gradient.${name}`, `${own.mean.length} numbers, as before`, String(g.length));
  for (let i = 0; i < g.length; i++) {
    own.mean[i] = decay * own.mean[i]! + (1 - decay) * g[i]!;
    own.square[i] = decay * own.square[i]! + (1 - decay) * g[i]! * g[i]!;
    own.noise[i] = decay * own.noise[i]! + (1 - decay) * (error === undefined ? Number.NaN : error[i]! * error[i]!);
  }
}

function restored(arrays: readonly (readonly (number | null)[])[]): Sums {
  const [mean, square, noise] = arrays.map((array) => Float64Array.from(array, (x) => x ?? Number.NaN)) as [Float64Array, Float64Array, Float64Array];
  return { mean, square, noise };
}

const average = (numbers: Float64Array): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** By the core's own logarithm: the engines' differ in the last bit. */
function logarithms(core: Core, numbers: readonly number[]): Float64Array {
  const block = region(core, "f64");
  const field = block.reserve(numbers.length);
  block.allocate("telemetry");
  try {
    field.view().set(numbers);
    block.core.kernels.f64.elementwiseLog(numbers.length, field.at, field.at);
    return field.view().slice() as Float64Array;
  } finally {
    block.free();
  }
}

