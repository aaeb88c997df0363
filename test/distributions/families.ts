import type { Problem } from "../laws/stage.ts";

/** `dim` coordinates of each parameter: a start and a step from one to the next. */
export function spaced(dim: number, parameters: Readonly<Record<string, readonly [start: number, step: number]>>): Problem {
  return Object.fromEntries(Object.entries(parameters).map(([name, [start, step]]) => [name, Array.from({ length: dim }, (_, j) => start + step * j)]));
}

/** One problem for each number: it as the parameter of that name, the others constant. */
export function edges(dim: number, name: string, values: readonly number[], others: Readonly<Record<string, number>> = {}): Problem[] {
  const constant = (value: number): number[] => Array<number>(dim).fill(value);
  return values.map((value) => ({ ...Object.fromEntries(Object.entries(others).map(([other, v]) => [other, constant(v)])), [name]: constant(value) }));
}

export const sumOver = (x: ArrayLike<number>, term: (x: number, j: number) => number): number => Array.from(x, term).reduce((a, b) => a + b, 0);
