import type { Pointer } from "../core/kernels.ts";
import type { BoundBaseline } from "../vocabulary/baseline.ts";
import type { Path, Scored } from "../vocabulary/distribution.ts";
import type { Workspace } from "../vocabulary/estimator.ts";

/** A latent that a control variate c is evaluated at, with its path from θ. */
export interface Latent {
  readonly path: Path;
  readonly noise: (work: Workspace) => Pointer;
}

/** A term of c. */
export interface BoundPart {
  readonly begin?: () => void;
  /** Adds c and ∂c/∂z at all latents: z is `[latents, rows, width]`, value `[latents, rows]`, slope as z. */
  readonly add: (work: Workspace, z: Pointer, value: Pointer, slope: Pointer) => void;
  /** A step down the gradient of Σ weight · c(z) + direction · ∂c/∂z(z) with respect to the parameters of this term. */
  readonly learn: (work: Workspace, z: Pointer, weight: Pointer, direction: Pointer) => void;
}

export interface Controls {
  /** The score s, and of what. */
  readonly score: { readonly add: Scored["score"]; readonly of: (work: Workspace) => Pointer; readonly width: number };
  /** Whose errors these are. */
  readonly name: string;
  /** z and z̃, or one draw that is both. */
  readonly latents: readonly [Latent, Latent] | readonly [Latent];
  /** `[latents, rows, width]` */
  readonly z: (work: Workspace) => Pointer;
  readonly width: number;
  readonly parts: readonly BoundPart[];
  readonly baseline?: BoundBaseline;
}
