import type { Core } from "../core/core.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { type Key, keyed } from "../key.ts";
import type { Flip, Kind } from "./kinds.ts";
import { noises, unit } from "./noise.ts";
import { type Numbers, numbers } from "./numbers.ts";
import { type Packed, packed } from "./parameters.ts";
import { recording, type Site, type Source } from "./source.ts";

/** Numbers, or lists of numbers, by name. */
export type ReplayParameters = Readonly<Record<string, number | readonly number[]>>;

/** A random function: any JavaScript that draws from `draw` and returns a number. */
export type Random<P extends ReplayParameters> = (parameters: P, draw: Source) => number;

export interface ReplayOptions {
  /** Independent runs, at least 2. */
  readonly samples: number;
  /** Runs with one draw flipped for each of them, averaged; 1 unless given. */
  readonly replays?: number;
  /** How far parameters are moved to see how probabilities and continuous draws depend on them, relative to those above 1; 10⁻⁵ unless given. */
  readonly step?: number;
}

/** The derivative of an expectation, in the shape of the parameters. */
export interface Replayed<P extends ReplayParameters> {
  readonly value: number;
  readonly valueStandardError: number;
  readonly derivative: { readonly [N in keyof P]: P[N] };
  readonly standardError: { readonly [N in keyof P]: P[N] };
  readonly samples: number;
  /** How often the function ran, all in all. */
  readonly runs: number;
}

/**
 * ∂/∂θ E f for an ordinary JavaScript function with `if`, `while`, Maps, early returns: one of its discrete draws is flipped, the function runs
 * again with the same other random numbers, and the difference counts by how much the draw's probability depends on θ.
 *
 * Σᵢ wᵢ (f with draw i flipped − f) is an unbiased estimate, wᵢ ε the probability that draw i changes when θ moves by ε; one i is chosen with
 * probability wᵢ / Σ w. Continuous draws are moved along. This is the pruned perturbation of Arya, Schauer, Schäfer & Rackauckas 2022
 * ("Automatic differentiation of programs with discrete randomness") with running again in place of overloaded arithmetic; ADEV's
 * `flip_mvd` (Lew, Huot, Staton & Mansinghka 2023) and smoothed perturbation analysis (Gong & Ho 1987) have the same identity.
 *
 * Unbiased but for differences of the order of step² in how probabilities depend on θ, if f does not jump where a continuous draw
 * crosses a bound (a jump of that kind is seen only where a run crosses it within a step). Each sample takes 1 + `replays` runs, and 2 for each
 * number of the parameters.
 *
 * @throws what the function throws; RangeError if it draws with impossible parameters or returns NaN or ±∞
 */
export function replayOn<P extends ReplayParameters>(core: Core, random: Random<P>, parameters: P, key: Key, options: ReplayOptions): Replayed<P> {
  const caller = "replay";
  if (typeof random !== "function") throw wrongKind(caller, "random", "a function of parameters and draws", random);
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["samples", "replays", "step"]);
  const samples = integer(caller, "samples", options.samples, 2);
  const replays = integer(caller, "replays", options.replays ?? 1);
  const step = finite(caller, "step", options.step ?? 1e-5, "a number > 0", (x) => x > 0);
  const own = keyed(caller, key);
  const at = packed(caller, parameters);
  const functions = numbers(core, caller);
  try {
    const noise = noises(core, own.fold("draws"));
    const pick = own.fold("flips");
    const sums = moments(at.values.length + 1);
    let runs = 0;
    for (let sample = 0; sample < samples; sample++) {
      const one = new Sample(random as Random<ReplayParameters>, at, functions, noise(sample));
      if (sample === 0) one.again();
      sums.add([one.value, ...one.slopes(step, (j) => unit(pick.fold(sample).fold(j)), replays)]);
      runs += one.runs;
    }
    const [value, ...slopes] = sums.means;
    const [valueError, ...errors] = sums.errors();
    return { value: value!, valueStandardError: valueError!, derivative: at.shaped(slopes) as never, standardError: at.shaped(errors) as never, samples, runs };
  } finally {
    functions.free();
  }
}

/** Of the size of f: second differences beyond are looked into. */
const SUSPECT = 1e-3;

/** What may happen at a site, and how much it matters for each number of the parameters. */
interface Candidate {
  readonly site: number;
  readonly outcome: number;
  readonly weights: Float64Array;
}

/** One run, and what is learned from running it again. */
class Sample {
  readonly value: number;
  runs = 0;
  readonly #random: Random<ReplayParameters>;
  readonly #at: Packed;
  readonly #numbers: Numbers;
  readonly #noise: ReturnType<ReturnType<typeof noises>>;
  readonly #sites: readonly Site[];

  constructor(random: Random<ReplayParameters>, at: Packed, functions: Numbers, noise: ReturnType<ReturnType<typeof noises>>) {
    [this.#random, this.#at, this.#numbers, this.#noise] = [random, at, functions, noise];
    const { value, sites } = this.#run(at.values, () => undefined, true);
    this.value = value;
    this.#sites = sites;
  }

  /** Refuses a function that is not one of its draws: running it again with a draw changed would compare what has nothing in common. */
  again(): void {
    const { value, sites } = this.#run(this.#at.values, () => undefined, true);
    if (value === this.value && sites.length === this.#sites.length) return;
    throw new TypeError(`replay: the function returned ${this.value}, and ${value} when it ran again with the same draws. Draw from its second argument alone: nothing random from elsewhere, no clock, and nothing that it changes itself outside.`);
  }

  #run(values: Float64Array, decide: (index: number, kind: Kind) => number | undefined, checked: boolean): { value: number; sites: readonly Site[] } {
    const { source, sites } = recording(this.#noise, this.#numbers, decide, checked);
    const value: unknown = this.#random(this.#at.shaped(values), source);
    this.runs++;
    if (typeof value !== "number") throw wrongKind("replay", "random", "to return a number", value);
    if (!Number.isFinite(value)) throw wrongValue("replay", "random", "to return a finite number", value);
    return { value, sites };
  }

  /** The estimate for each number of the parameters: moved along continuous draws, and with flips of discrete ones. */
  slopes(step: number, uniform: (j: number) => number, replays: number): readonly number[] {
    const out: number[] = [];
    const found: Candidate[][] = [];
    this.#at.values.forEach((own, k) => {
      const h = step * Math.max(1, Math.abs(own));
      const [above, below] = [this.#held(k, own + h), this.#held(k, own - h)];
      this.#smooth(k, h, above.value, below.value);
      out.push((above.value - below.value) / (2 * h));
      this.#sites.forEach(({ kind, parameters, outcome }, site) => {
        const slopes = between(above.sites[site]!.parameters, below.sites[site]!.parameters, 2 * h);
        if (slopes !== undefined) for (const flip of kind.flips(outcome, parameters, slopes)) this.#note((found[site] ??= []), site, k, flip);
      });
    });
    this.#replay(found.flat(), uniform, replays, out);
    return out;
  }

  /** The same run with one number moved, its discrete draws as they were. */
  #held(k: number, value: number): { value: number; sites: readonly Site[] } {
    const moved = this.#at.values.map((own, i) => (i === k ? value : own));
    const run = this.#run(moved, (i) => this.#sites[i]?.outcome, false);
    const same = run.sites.length === this.#sites.length && run.sites.every(({ kind }, i) => kind === this.#sites[i]!.kind);
    if (!same) throw new RangeError(`replay: the function took another way when ${this.#at.nameOf(k)} moved from ${this.#at.values[k]} to ${value}. Branch on what is drawn, not on what depends on parameters smoothly, or use a smaller "step".`);
    return run;
  }

  /**
   * Refuses a jump within a step, of a comparison that left no draw to be seen: its slope would be one over the step. Where it looks like one,
   * half a step tells: it takes a quarter of a curve's second difference, half of a kink's, all of a jump's or nothing.
   */
  #smooth(k: number, h: number, above: number, below: number): void {
    const second = (up: number, down: number): number => up - 2 * this.value + down;
    const whole = second(above, below);
    if (Math.abs(whole) <= SUSPECT * Math.max(Math.abs(above), Math.abs(this.value), Math.abs(below))) return;
    const own = this.#at.values[k]!;
    const share = second(this.#held(k, own + h / 2).value, this.#held(k, own - h / 2).value) / whole;
    if (share > 0.1 && share < 0.7) return;
    throw new RangeError(`replay: the function jumps within ${h} of ${this.#at.nameOf(k)} = ${this.#at.values[k]}, with the same draws: from ${below} by ${this.value} to ${above}. Draw what it decides, as draw.bernoulli(probability), instead of comparing what moves with parameters.`);
  }

  #note(found: Candidate[], site: number, k: number, { outcome, weight }: Flip): void {
    let candidate = found.find((one) => one.outcome === outcome);
    if (candidate === undefined) found.push((candidate = { site, outcome, weights: new Float64Array(this.#at.values.length) }));
    candidate.weights[k]! += weight;
  }

  /** Adds the mean over some flips, each chosen with a probability in proportion to its weights. */
  #replay(candidates: readonly Candidate[], uniform: (j: number) => number, replays: number, out: number[]): void {
    const sizes = candidates.map(({ weights }) => weights.reduce((sum, weight) => sum + Math.abs(weight), 0));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (!(total > 0)) return;
    for (let j = 0; j < replays; j++) {
      const i = chosen(sizes, uniform(j) * total);
      const { site, outcome, weights } = candidates[i]!;
      const { value } = this.#run(this.#at.values, (index) => (index === site ? outcome : undefined), true);
      weights.forEach((weight, k) => (out[k]! += ((value - this.value) * weight * (total / sizes[i]!)) / replays));
    }
  }
}

/** How parameters change; undefined if they do not. */
function between(above: readonly number[], below: readonly number[], distance: number): readonly number[] | undefined {
  let moved = false;
  for (let i = 0; i < above.length && !moved; i++) moved = above[i] !== below[i];
  return moved ? above.map((own, i) => (own - below[i]!) / distance) : undefined;
}

/** The index at which the running sum of sizes exceeds `place`. */
function chosen(sizes: readonly number[], place: number): number {
  let [i, left] = [0, place];
  const last = sizes.findLastIndex((size) => size > 0);
  while (i < last && left >= sizes[i]!) left -= sizes[i++]!;
  return i;
}

/** Running means and squared deviations of several columns: Welford 1962. */
function moments(columns: number): { readonly means: Float64Array; add(row: readonly number[]): void; errors(): number[] } {
  const [means, squares] = [new Float64Array(columns), new Float64Array(columns)];
  let count = 0;
  return {
    means,
    add(row) {
      count++;
      row.forEach((x, j) => {
        const delta = x - means[j]!;
        means[j]! += delta / count;
        squares[j]! += delta * (x - means[j]!);
      });
    },
    errors: () => Array.from(squares, (square) => Math.sqrt(square / (count - 1) / count)),
  };
}
