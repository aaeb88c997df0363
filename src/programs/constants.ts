import { shown } from "../errors.ts";
import type { Operand } from "../tape/node.ts";

type Range = readonly [expected: string, admits: (x: number) => boolean];

const PROBABILITY: Range = ["a probability in [0, 1]", (p) => p >= 0 && p <= 1];
const POSITIVE: Range = ["a number > 0", (x) => x > 0];
const NOT_NEGATIVE: Range = ["a number >= 0", (x) => x >= 0];
const NUMBER: Range = ["a number", (x) => !Number.isNaN(x)];
const WHOLE: Range = ["a whole number >= 0", (n) => Number.isInteger(n) && n >= 0];

/** By draw, what each parameter may be. */
const RANGES: Readonly<Record<string, readonly Range[]>> = {
  bernoulli: [PROBABILITY],
  normal: [NUMBER, NOT_NEGATIVE],
  exponential: [POSITIVE],
  uniform: [NUMBER, NUMBER],
  gamma: [POSITIVE, POSITIVE],
  binomial: [WHOLE, PROBABILITY],
  geometric: [["a probability in (0, 1]", (p) => p > 0 && p <= 1]],
  poisson: [NOT_NEGATIVE],
  categorical: [PROBABILITY],
};

/** Sums of probabilities may differ from 1 by this: thirds, written with seven digits, do. */
const ROUNDING = 1e-6;

/** Refuses a parameter that is wrong whatever the program draws: a number, or a list of numbers, written into it. What it computes is known only when it runs. */
export function checkConstant(caller: string, kind: string, position: number, operand: Operand): void {
  const numbers = typeof operand === "number" ? [operand] : Array.isArray(operand) ? (operand as readonly number[]) : undefined;
  if (numbers === undefined) return;
  const [expected, admits] = RANGES[kind]![position]!;
  const wrong = numbers.find((x) => !admits(x));
  if (wrong !== undefined) throw new RangeError(`${caller}: draw.${kind} expected ${expected}, got ${shown(wrong)}`);
  if (kind !== "categorical") return;
  const sum = numbers.reduce((total, p) => total + p, 0);
  if (Math.abs(sum - 1) > ROUNDING) throw new RangeError(`${caller}: draw.categorical expected probabilities that sum to 1, got ${numbers.map(shown).join(", ")}`);
}
