import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Region } from "../core/region.ts";
import type { Stream } from "./distribution.ts";

/**
 * Where uniforms come from, if not each on its own: sets of points in the unit cube. Every point is uniform there; those of one set are
 * not independent, the sets are.
 */
export interface Noise {
  readonly name: string;
  /** Points of one set. */
  readonly points: number;
  readonly bind: (site: NoiseSite) => BoundNoise;
}

export interface NoiseSite {
  readonly region: Region;
  readonly sets: number;
  /** Coordinates of a point. */
  readonly dims: number;
}

export interface BoundNoise {
  /** Writes what never changes, once memory is there. */
  readonly begin?: () => void;
  /** out is `[points, sets, dims]`, written. Set r depends on (key, site, r) alone. */
  readonly fill: (kernels: Kernels, stream: Stream, out: Pointer) => void;
}
