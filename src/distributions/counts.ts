import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Averaged, Distribution, Scored, Theta } from "../vocabulary/distribution.ts";
import { elementwise } from "./elementwise.ts";

/** Parts of θ that every family of counts has: see assembly/random/count-parts.ts. */
const PARTS = 16;
/** Numbers of a table, and parameters that have one: see assembly/random/count-tables.ts. */
const TABLE = 146;
const TABLED = 64;

interface Counts {
  /** Room for `parts` more parts than all have, and for tables. θ is f64 in both precisions: two numbers for each where they are f32. */
  readonly prepared: (dim: number, parts: number) => Distribution["prepared"];
  /** Of a parameter in which log p is linear but for its norm. */
  readonly score: (dim: number) => Scored["score"];
  readonly moments: (dim: number) => Averaged["moments"];
}

/** What families of counts share. */
export const counts: Counts = {
  prepared: (dim, parts) => (batch, tile) => 2 * ((PARTS + parts) * tile + 1 + (batch * dim <= TABLED ? batch * dim * TABLE : 0)),
  score: (dim) => elementwise.score(dim, (kernels) => kernels.countsScore),
  moments: (dim) => (kernels: Kernels, { batch, tile, at }: Theta, mean: Pointer, variance: Pointer) => kernels.countsMoments(batch * dim, tile, at, mean, variance),
};
