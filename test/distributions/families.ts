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

/** The Jacobian of independent coordinates: `slope` is ∂xⱼ by the j-th number of each parameter, and of the others nothing. */
export function diagonal(x: ArrayLike<number>, slope: (x: number, j: number) => readonly number[]): number[][] {
  const own = Array.from(x, slope);
  return own[0]!.flatMap((_, parameter) => own.map((slopes, j) => own.map((__, k) => (k === j ? slopes[parameter]! : 0))));
}
