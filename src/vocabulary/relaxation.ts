import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Node } from "../tape/node.ts";
import type { Path, Theta } from "./distribution.ts";

/** x = harden(z) and its relaxation y = soften(z / temperature), where z has a path. */
export interface Relaxation {
  /** Width of z and of y. */
  readonly dim: number;
  readonly latent: Path;
  readonly harden: (kernels: Kernels, rows: number, z: Pointer, x: Pointer) => void;
  readonly soften: (kernels: Kernels, rows: number, z: Pointer, temperature: number, y: Pointer) => void;
  /** cotangent of z, written, from the cotangent of y. */
  readonly pull: (kernels: Kernels, rows: number, y: Pointer, temperature: number, cotangent: Pointer, out: Pointer) => void;
  /** y on the tape, if it can be written there: then a temperature can learn without more evaluations of f. An infinite z has derivative 0. */
  readonly trace?: (z: Node, temperature: Node) => Node;
  /** A short cut: terms += (∂y/∂θ)ᵀ cotangent, what `pull` and `latent.pull` give one after the other but for rounding. */
  readonly pullThrough?: (kernels: Kernels, rows: number, y: Pointer, temperature: number, cotangent: Pointer, terms: Pointer) => void;
}

export interface Relaxable {
  readonly relaxation: Relaxation;
}

/** The density of z, for a family whose draws have none: REBAR and RELAX, which then take the score of z for that of x, and need no z̃. */
export interface LatentScored extends Relaxable {
  /** terms += coefficient[row] · ∂ log p(z)/∂θ; as `Scored`'s score, of z `[rows, relaxation.dim]`. */
  readonly latentScore: (kernels: Kernels, rows: number, theta: Theta, z: Pointer, coefficient: Pointer, terms: Pointer) => void;
}

/** z̃ given x, with harden(z̃) = x: REBAR and RELAX. */
export interface Conditional extends Relaxable {
  /**
   * Its `noise` is x, given: `draw` reads it and writes z̃ `[rows, relaxation.dim]` where a path writes x. Both it and the latent's
   * path have `push`.
   */
  readonly conditional: Path;
}

/** The least move of the latent's location that makes x the outcome by a gap. */
export interface Gapped extends Relaxable {
  /** z `[rows, relaxation.dim]`, written: harden(z) = x, and no noise in it; its derivative by θ is that of the location. */
  readonly gapped: (kernels: Kernels, rows: number, theta: Theta, x: Pointer, gap: number, z: Pointer) => void;
}
