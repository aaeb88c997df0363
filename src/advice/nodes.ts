import type { Kernels } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import type { Range } from "./ranges.ts";

/** Nodes in one coordinate of one problem and the logs of their weights. */
export interface Axis {
  readonly x: Float64Array;
  readonly log: Float64Array;
}

/** t runs over [−END, END] at most: beyond, no double has anything left to add. */
const END = 4.3;
/** Values of t at which it is looked where the integrand ends. */
export const PROBES = 129;

/** The middle and the spread of a coordinate on the scale that is the line. */
export interface Place {
  readonly m: number;
  readonly s: number;
}

/**
 * The trapezoidal rule after a double exponential substitution: x = x(m + s g(t)), g = sinh on ranges with an end (where log x or logit x
 * has tails that fall exponentially), sinh sinh on the line, whose tails may be powers. Its error falls geometrically in the number of
 * nodes where the integrand is analytic, whatever happens at the ends. Takahasi & Mori 1974.
 */
export function axisOf(use: Functions, count: number, range: Range, place: Place, [from, to]: readonly [number, number]): Axis {
  const ended = Number.isFinite(range.low) || Number.isFinite(range.high);
  return mapped(use, range, substituted(use, grid(count, from, to), ended, place));
}

export function probesOf(use: Functions, range: Range, place: Place): Axis {
  return axisOf(use, PROBES, range, place, [-END, END]);
}

/** From where to where in t any slice of the integrand (log weight and log density at the probes) is within `depth` of its peak. */
export function extent(slices: readonly Float64Array[], depth: number): readonly [number, number] {
  let [first, last] = [PROBES - 1, 0];
  for (const slice of slices) {
    const peak = slice.reduce((most, own) => (own > most && own < Infinity ? own : most), -Infinity);
    slice.forEach((own, i) => {
      if (!(own >= peak - depth && own < Infinity)) return;
      [first, last] = [Math.min(first, i), Math.max(last, i)];
    });
  }
  const at = (i: number): number => (2 * END * Math.min(PROBES - 1, Math.max(0, i))) / (PROBES - 1) - END;
  return [at(first - 1), at(last + 1)];
}

/** Where draws lie, by their quantiles; on the line about the mean, where there is one. */
export function placeOf(use: Functions, range: Range, draws: Float64Array, mean: number = Number.NaN): Place {
  const y = spreadOn(use, range, draws).sort();
  const quantile = (q: number): number => y[Math.floor(q * (y.length - 1))]!;
  const m = range.low === -Infinity && Number.isFinite(mean) ? mean : quantile(0.5);
  return { m, s: (quantile(0.84) - quantile(0.16)) / 2 || 1 };
}

/** With 0 midway between two nodes: there a density may have its kink and a score its jump, and the error is of the order h² all the same. */
function grid(count: number, from: number, to: number): Float64Array {
  const h = (to - from) / (count - 1);
  const before = Math.round(-from / h - 0.5) + 0.5;
  return Float64Array.from({ length: count }, (_, i) => (i - before) * h);
}

export interface Functions {
  readonly exp: (x: Float64Array) => Float64Array;
  readonly log: (x: Float64Array) => Float64Array;
}

/** The core's own functions, of arrays as long as `memory`. */
export function functions(kernels: Kernels, memory: Field): Functions {
  const by = (kernel: Kernels["elementwiseExp"]) => (x: Float64Array) => {
    memory.view().set(x);
    kernel(x.length, memory.at, memory.at);
    return memory.view().slice(0, x.length) as Float64Array;
  };
  return { exp: by(kernels.elementwiseExp), log: by(kernels.elementwiseLog) };
}

/** Draws on the scale that is the line: themselves, log x, or the logit of their place between the ends. */
function spreadOn({ log }: Functions, { low, high }: Range, draws: Float64Array): Float64Array {
  if (low === -Infinity) return draws.slice();
  const below = log(draws.map((x) => x - low));
  if (high === Infinity) return below;
  const above = log(draws.map((x) => high - x));
  return below.map((own, i) => own - above[i]!);
}

/** y = m + s g(t), and log h s g′(t). */
function substituted({ exp, log }: Functions, t: Float64Array, ended: boolean, { m, s }: Place): Axis {
  const h = (t[t.length - 1]! - t[0]!) / (t.length - 1);
  const inner = hyperbolic(exp, t);
  const { sine, cosine } = ended ? inner : hyperbolic(exp, inner.sine);
  const slope = ended ? cosine : cosine.map((own, i) => own * inner.cosine[i]!);
  return { x: sine.map((own) => m + s * own), log: log(slope.map((own) => own * h * s)) };
}

function hyperbolic(exp: Functions["exp"], t: Float64Array): { readonly sine: Float64Array; readonly cosine: Float64Array } {
  const [up, down] = [exp(t), exp(t.map((own) => -own))];
  return { sine: up.map((own, i) => (own - down[i]!) / 2), cosine: up.map((own, i) => (own + down[i]!) / 2) };
}

/** From y to x: itself, exp y, or low + (high − low) sigmoid y, with log dx/dy added to the weight. */
function mapped({ exp, log }: Functions, { low, high }: Range, { x: y, log: weight }: Axis): Axis {
  if (low === -Infinity) return { x: y, log: weight };
  if (high === Infinity) return { x: exp(y).map((own) => low + own), log: weight.map((own, i) => own + y[i]!) };
  const width = high - low;
  const small = exp(y.map((own) => -Math.abs(own)));
  const rest = log(small.map((own) => (1 + own) * (1 + own) / width));
  const x = small.map((own, i) => (y[i]! < 0 ? low + (width * own) / (1 + own) : high - (width * own) / (1 + own)));
  return { x, log: weight.map((own, i) => own - Math.abs(y[i]!) - rest[i]!) };
}
