import { finite, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Site } from "../vocabulary/estimator.ts";

/** The temperature at a step: at how many estimates the gradient has learned from. */
export type Schedule = (step: number) => number;

/** A temperature > 0, or a schedule of it. */
export type Temperature = number | Schedule;

export interface AnnealedOptions {
  /** The temperature at step 0; > 0. */
  readonly from: number;
  /** The temperature from step `steps` on; > 0. */
  readonly to: number;
  readonly steps: number;
}

/**
 * A temperature that goes from one number to another by equal factors: from · (to / from)^(step / steps), then stays.
 *
 * The step is kept by the gradient it is given to, in its `state`; it advances with each estimate that learns.
 *
 * @throws {TypeError | RangeError} if a temperature is not a number > 0, or `steps` not a positive integer
 */
export function annealed(options: AnnealedOptions): Schedule {
  onlyOptions("annealed", options, ["from", "to", "steps"]);
  const from = finite("annealed", "from", options.from, "a number > 0", positive);
  const to = finite("annealed", "to", options.to, "a number > 0", positive);
  const steps = integer("annealed", "steps", options.steps);
  const factor = root(to / from, steps);
  return (step) => (step >= steps ? to : from * power(factor, step));
}

const positive = (x: number): boolean => x > 0;

/** xⁿ by squaring: products alone, so the same bits on every engine. */
function power(x: number, n: number): number {
  let result = 1;
  for (let square = x, left = n; left > 0; square *= square, left = Math.floor(left / 2)) if (left % 2 === 1) result *= square;
  return result;
}

/** The n-th root of a positive number, by bisection to the last bit. */
function root(x: number, n: number): number {
  let [low, high] = x < 1 ? [x, 1] : [1, x];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return low;
    if (power(middle, n) < x) low = middle;
    else high = middle;
  }
}

/** `temperature` if it is one. */
export function temperatureOf(caller: string, temperature: unknown): Temperature {
  if (typeof temperature === "function") return temperature as Schedule;
  if (typeof temperature !== "number") throw wrongKind(caller, "temperature", "a number > 0, or a schedule such as annealed({ from, to, steps })", temperature);
  return finite(caller, "temperature", temperature, "a number > 0", positive);
}

/** A temperature at work. */
export interface BoundTemperature {
  /** The temperature of the estimate that begins; `now` until the next one begins. */
  readonly begin: () => number;
  readonly now: () => number;
  readonly learn: () => void;
}

/** Keeps the step of a schedule in the state of the gradient; a number has none. */
export function bindTemperature(caller: string, temperature: Temperature, { remember }: Site): BoundTemperature {
  if (typeof temperature === "number") return { begin: () => temperature, now: () => temperature, learn: () => {} };
  const step = remember("temperature.step", 1, "f64");
  let now = Number.NaN;
  return {
    begin() {
      const at = step.view()[0]!;
      now = temperature(at);
      if (!(typeof now === "number" && now > 0 && now < Infinity)) throw wrongValue(caller, `temperature(${at})`, "a number > 0", now);
      return now;
    },
    now: () => now,
    learn: () => void step.view()[0]!++,
  };
}
