import type { Points } from "../core/core.ts";

/** Masses along a line that a list of numbers, 1 / width of mass each, is moved to, and what is read from the plan. */
export interface Reading {
  readonly masses: Float64Array;
  /** Where the masses are: even steps from 0 to 1. */
  readonly targets: Float64Array;
  /** Values of a list. */
  readonly length: number;
  /** Values of list p from its plan, written. */
  read(plans: Points, x: Points, out: Points, p: number): void;
  /** The cotangent of plan p, written, and of list p, added to, as far as it is in the values beside the plan. */
  pull(plans: Points, x: Points, cotangent: Points, ofPlans: Points, ofX: Float64Array, p: number): void;
}

/** In place k the mean of the numbers that go there. */
export function sorted(width: number): Reading {
  return means(width, new Float64Array(width).fill(1 / width), Array.from({ length: width }, (_, j) => j));
}

/** The mean of the numbers around each level: a window of 1 / width, where interpolation between neighbours has its middle. */
export function quantiles(width: number, levels: readonly number[]): Reading {
  const [masses, windows]: [number[], number[]] = [[], []];
  let end = 0;
  for (const level of levels) {
    const begin = (level * (width - 1)) / width; // of the window whose middle is (level · (width − 1) + ½) / width
    if (begin - end > ROUNDING) masses.push(begin - end);
    windows.push(masses.length);
    masses.push(1 / width);
    end = begin + 1 / width;
  }
  if (1 - end > ROUNDING) masses.push(1 - end);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return means(width, Float64Array.from(masses, (mass) => mass / total), windows);
}

/** Σᵢ P[i, j] xᵢ / massⱼ for some j. */
function means(width: number, masses: Float64Array, chosen: readonly number[]): Reading {
  const columns = masses.length;
  return {
    masses,
    targets: even(columns),
    length: chosen.length,
    read(plans, x, out, p) {
      for (let k = 0; k < chosen.length; k++) {
        const j = chosen[k]!;
        let sum = 0;
        for (let i = p * width, at = i * columns + j; i < (p + 1) * width; i++, at += columns) sum += plans[at]! * x[i]!;
        out[p * chosen.length + k] = sum / masses[j]!;
      }
    },
    pull(plans, x, cotangent, ofPlans, ofX, p) {
      const slopes = new Float64Array(chosen.length);
      for (let k = 0; k < slopes.length; k++) slopes[k] = cotangent[p * slopes.length + k]! / masses[chosen[k]!]!;
      for (let i = p * width; i < (p + 1) * width; i++) {
        const own = x[i]!;
        let sum = 0;
        for (let k = 0; k < slopes.length; k++) {
          const at = i * columns + chosen[k]!;
          ofPlans[at] = own * slopes[k]!;
          sum += plans[at]! * slopes[k]!;
        }
        ofX[i]! += sum;
      }
    },
  };
}

/** For each number the mean of the places that it goes to. */
export function ranks(width: number): Reading {
  return places(new Float64Array(width).fill(1 / width), width);
}

/** For each number whether it goes to the upper of two places. */
export function top(width: number, count: number): Reading {
  return places(Float64Array.of((width - count) / width, count / width), width);
}

/** width · Σⱼ P[i, j] j */
function places(masses: Float64Array, width: number): Reading {
  const columns = masses.length;
  return {
    masses,
    targets: even(columns),
    length: width,
    read(plans, _, out, p) {
      for (let i = p * width, k = i * columns; i < (p + 1) * width; i++) {
        let sum = 0;
        for (let j = 0; j < columns; j++, k++) sum += plans[k]! * j;
        out[i] = width * sum;
      }
    },
    pull(_, __, cotangent, ofPlans, ___, p) {
      for (let i = p * width, k = i * columns; i < (p + 1) * width; i++) for (let j = 0; j < columns; j++, k++) ofPlans[k] = width * j * cotangent[i]!;
    },
  };
}

function even(columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => (columns > 1 ? j / (columns - 1) : 0.5));
}

/** Masses below are none. */
const ROUNDING = 1e-9;
