import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Theta } from "../vocabulary/distribution.ts";
import { elementwise } from "./elementwise.ts";

/** Parts of θ that every family of counts has: see assembly/random/count-parts.ts. */
const PARTS = 16;

/** What families of counts share: θ in f64 in both precisions, the score of a parameter in which log p is linear, the moments. */
export const counts = {
  /** Numbers of `parts` more than all have; those of θ are f64, and two where the numbers are f32. */
  prepared: (parts = 0) => (_batch: number, tile: number): number => 2 * (PARTS + parts) * tile,
  score: (dim: number) => elementwise.score(dim, (kernels) => kernels.countsScore),
  moments:
    (dim: number) =>
    (kernels: Kernels, { batch, tile, at }: Theta, mean: Pointer, variance: Pointer): void =>
      kernels.countsMoments(batch * dim, tile, at, mean, variance),
} as const;
