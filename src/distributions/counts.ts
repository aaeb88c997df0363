import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Averaged, Distribution, Scored, Theta } from "../vocabulary/distribution.ts";
import { elementwise } from "./elementwise.ts";

/** Parts of θ that every family of counts has: see assembly/random/count-parts.ts. */
const PARTS = 16;

interface Counts {
  /** Room for `parts` more parts than all have. θ is f64 in both precisions: two numbers for each where they are f32. */
  readonly prepared: (parts: number) => Distribution["prepared"];
  /** Of a parameter in which log p is linear but for its norm. */
  readonly score: (dim: number) => Scored["score"];
  readonly moments: (dim: number) => Averaged["moments"];
}

/** What families of counts share. */
export const counts: Counts = {
  prepared: (parts) => (_, tile) => 2 * (PARTS + parts) * tile,
  score: (dim) => elementwise.score(dim, (kernels) => kernels.countsScore),
  moments: (dim) => (kernels: Kernels, { batch, tile, at }: Theta, mean: Pointer, variance: Pointer) => kernels.countsMoments(batch * dim, tile, at, mean, variance),
};
