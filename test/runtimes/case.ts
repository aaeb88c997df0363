import type { ArrayOf, Key, Precision } from "../../src/index.ts";
import { type Gradex, PRECISIONS } from "./subjects.ts";

/** What is computed from the package alone, and hashed. */
export type Case = readonly [name: string, compute: (gradex: Gradex) => unknown];

/** A key, as numbers. */
export const words = ({ low, high }: Key): readonly number[] => [low, high];

/** Numbers in (−scale, scale) without a pattern, exact in both precisions where scale is a power of two. */
export const array = <P extends Precision>(precision: P, length: number, scale = 1): ArrayOf<P> => {
  const numbers = Array.from({ length }, (_, i) => (scale * (((i * 37) % 64) - 31.5)) / 32);
  return (precision === "f64" ? Float64Array.from(numbers) : Float32Array.from(numbers)) as ArrayOf<P>;
};

/** A case in each precision. */
export const both = (name: string, compute: (gradex: Gradex, precision: Precision) => unknown): readonly Case[] =>
  PRECISIONS.map((precision) => [`${name} ${precision}`, (gradex) => compute(gradex, precision)]);
