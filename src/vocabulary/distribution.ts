import type { Points } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import type { KernelModule } from "../core/module.ts";
import type { Key } from "../key.ts";

/** Shapes of one problem's parameters, by name: `{ mean: [3], scaleTril: [3, 3] }`. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Arrays by name: θ is `[batch, …shape]`; parameters that all problems share are `[…shape]`. */
export type Values<S extends Shapes, A extends Points = Points> = { readonly [N in keyof S]: A };

export type ShapesOf<T> = T extends { readonly params: infer S extends Shapes } ? S : Record<never, never>;

/** Which numbers a parameter may be; checked once a call, before any kernel runs. */
export interface Domain {
  /** What an error says was expected: "a number > 0". */
  readonly expected: string;
  readonly admits: (value: number) => boolean;
}

/**
 * θ made ready for the kernels, once a call: logits become probabilities too, scales are exponentiated.
 *
 * Every array is sample-major: row = sample · batch + problem. An elementwise family repeats its parameters over a tile of
 * `tile` numbers (a whole number of periods of batch · dim, a whole number of vectors), so that its kernels run along
 * `[rows, dim]` as one flat array whatever dim and batch are.
 */
export interface Theta {
  readonly batch: number;
  readonly tile: number;
  readonly at: Pointer;
}

/** A key and a site: who draws. Chunk `chunk` is the first; each chunk of 1,024 rows has its own seeds. */
export interface Stream {
  readonly key: Key;
  readonly site: number;
  readonly chunk: number;
}

/** A family: its parameters come with each call. One property per capability, so that the compiler can name what is missing. */
export interface Distribution<S extends Shapes = Shapes> {
  readonly name: string;
  /** Where its kernels are, besides the core. */
  readonly modules?: readonly KernelModule[];
  readonly params: S;
  readonly domains: { readonly [N in keyof S]: Domain };
  /** Width of one draw; not the number of parameters (`categorical(10)` has dim 1 and 10 logits). */
  readonly dim: number;
  /** What must hold between parameters of one problem; the sentence of the error if it does not. */
  verify?(params: Values<S>, batch: number): string | undefined;
  /** Length of the prepared θ. */
  readonly prepared: (batch: number, tile: number) => number;
  /** `params` are packed by parameter: for each name in order, `[batch, …shape]`. */
  readonly prepare: (kernels: Kernels, params: Pointer, theta: Theta) => void;
  /** x is `[rows, dim]`. The first rows of a longer run are the rows of a shorter one. */
  readonly sample: (kernels: Kernels, stream: Stream, rows: number, theta: Theta, x: Pointer) => void;
}

export interface Dense {
  /** logProb is `[rows]`; −∞ outside the support. */
  readonly logProb: (kernels: Kernels, rows: number, theta: Theta, x: Pointer, logProb: Pointer) => void;
}

/**
 * terms += coefficient[row] · ∂ log p(x)/∂θ, θ as the user gave it. All that write `terms` add.
 * `terms` is packed by parameter: for each name in order, `[rows, …shape]`.
 */
export interface Scored extends Dense {
  readonly score: (kernels: Kernels, rows: number, theta: Theta, x: Pointer, coefficient: Pointer, terms: Pointer) => void;
  /**
   * A short cut for families whose score is simple: the running moments of those terms (as `statistics.accumulate` has them,
   * `before` samples already in) without writing them down. May differ from the long way by rounding alone.
   */
  readonly scoreMoments?: (kernels: Kernels, samples: number, before: number, theta: Theta, x: Pointer, coefficient: Pointer, mean: Pointer, squares: Pointer) => void;
}

/** x as a differentiable function of θ and of noise that does not depend on θ. */
export interface Path {
  /** Numbers kept a row besides x; 0 where x alone gives the derivative. */
  readonly noise: number;
  readonly draw: (kernels: Kernels, stream: Stream, rows: number, theta: Theta, noise: Pointer, x: Pointer) => void;
  /** terms += (∂x/∂θ)ᵀ cotangent; `cotangent` is `[rows, dim]`, `terms` as in `Scored`. */
  readonly pull: (kernels: Kernels, rows: number, theta: Theta, noise: Pointer, x: Pointer, cotangent: Pointer, terms: Pointer) => void;
  /** out = (∂x/∂θ) tangent, written: the adjoint of `pull`. `tangent` is packed as `terms` are, out is `[rows, dim]`. */
  readonly push?: (kernels: Kernels, rows: number, theta: Theta, noise: Pointer, x: Pointer, tangent: Pointer, out: Pointer) => void;
}

export interface Reparameterizable {
  readonly path: Path;
}

/** A density that can be differentiated in x. */
export interface Smooth extends Dense {
  /** out += coefficient[row] · ∂ log p(x)/∂x, `[rows, dim]`. */
  readonly logProbGradient: (kernels: Kernels, rows: number, theta: Theta, x: Pointer, coefficient: Pointer, out: Pointer) => void;
}

/** x from uniforms given from outside, coordinate by coordinate: for noise that is stratified, antithetic or quasi-random. */
export interface Invertible {
  readonly quantile: {
    /** Uniforms in (0, 1) that a row takes. */
    readonly uniforms: number;
    /** `uniform` is `[rows, uniforms]`; x, and the noise that the family's path keeps, are written as by `path.draw`. */
    readonly draw: (kernels: Kernels, rows: number, theta: Theta, uniform: Pointer, noise: Pointer, x: Pointer) => void;
  };
}

/** Mean and variance of each coordinate in closed form. */
export interface Averaged {
  /** Both `[batch, dim]`, written: ∞ where they diverge, NaN where they do not exist. */
  readonly moments: (kernels: Kernels, theta: Theta, mean: Pointer, variance: Pointer) => void;
}

/** How the two points of a measure-valued derivative share their randomness. */
export type Coupling = "same" | "antithetic" | "independent";

/** ∂p/∂θₑ = c (p⁺ − p⁻) for each number θₑ of one problem's parameters: Pflug 1989. */
export interface Measurable {
  readonly weak: {
    /**
     * plus and minus are `[rows, dim]`, written: x, a draw of the family, with the coordinates that entry e concerns drawn anew from
     * p⁺ and p⁻; constant is `[rows]`, written: c. Entries are numbered as one problem's parameters, packed by name.
     */
    readonly draw: (kernels: Kernels, stream: Stream, rows: number, theta: Theta, entry: number, coupling: Coupling, x: Pointer, plus: Pointer, minus: Pointer, constant: Pointer) => void;
  };
}

/** x = harden(z) and its relaxation y = soften(z / temperature), where z has a path. */
export interface Relaxation {
  /** Width of z and of y. */
  readonly dim: number;
  readonly latent: Path;
  readonly harden: (kernels: Kernels, rows: number, z: Pointer, x: Pointer) => void;
  readonly soften: (kernels: Kernels, rows: number, z: Pointer, temperature: number, y: Pointer) => void;
  /** cotangent of z, written, from the cotangent of y. */
  readonly pull: (kernels: Kernels, rows: number, y: Pointer, temperature: number, cotangent: Pointer, out: Pointer) => void;
}

export interface Relaxable {
  readonly relaxation: Relaxation;
}

/** z̃ given x, with harden(z̃) = x: REBAR and RELAX. */
export interface Conditional extends Relaxable {
  /** Its `noise` is x, given: `draw` reads it and writes z̃ `[rows, relaxation.dim]` where a path writes x. */
  readonly conditional: Path;
}

/** A support that can be counted through: point i in 0 … size − 1. */
export interface Support {
  readonly size: number;
  /** x is `[to − from, batch, dim]`: each point for every problem. */
  readonly enumerate: (kernels: Kernels, from: number, to: number, batch: number, x: Pointer) => void;
}

export interface Finite extends Scored {
  readonly support: Support;
}

/** Independent coin flips: what the antithetic estimators of binary variables ask for. */
export interface Binary extends Scored {
  readonly antithetic: {
    /** b = 1[u < p] and b̃ = 1[1 − u < p] of one uniform u a coordinate; `uniform` (kept if not 0), `x` and `mirrored` are `[rows, dim]`. */
    readonly sample: (kernels: Kernels, stream: Stream, rows: number, theta: Theta, uniform: Pointer, x: Pointer, mirrored: Pointer) => void;
    /** terms += coefficient[row] · ½ (b − b̃) · max(p, 1 − p): DisARM. */
    readonly disarm: (kernels: Kernels, rows: number, theta: Theta, x: Pointer, mirrored: Pointer, coefficient: Pointer, terms: Pointer) => void;
  };
}

/** KL(p ‖ prior) in closed form, the prior from the same family. */
export interface Divergent<S extends Shapes = Shapes> extends Distribution<S> {
  /** value[batch] += sign · KL, gradient += sign · ∂KL/∂θ, packed by parameter `[batch, …shape]`. */
  readonly divergence: (kernels: Kernels, theta: Theta, prior: Theta, sign: number, value: Pointer, gradient: Pointer) => void;
}

/** Entropy in closed form. */
export interface Entropic {
  /** value[batch] += sign · H, gradient += sign · ∂H/∂θ, packed by parameter. */
  readonly entropy: (kernels: Kernels, theta: Theta, sign: number, value: Pointer, gradient: Pointer) => void;
}

/** Numbers of one problem's parameters together. */
export function sizeOf(shapes: Shapes): number {
  return Object.values(shapes).reduce((sum, shape) => sum + volume(shape), 0);
}

/** Where each parameter lies in an array packed by name: `problems` times its shape, one after the other. */
export function eachPart(shapes: Shapes, problems: number, use: (name: string, at: number, length: number) => void): void {
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const length = problems * volume(shape);
    use(name, at, length);
    at += length;
  }
}

export function volume(shape: readonly number[]): number {
  return shape.reduce((product, width) => product * width, 1);
}

const VECTOR = 4; // lanes of f32; a multiple for f64
const SHORTEST = 64; // numbers; below that a loop over a tile is mostly its ends

/** Length of the tile over which an elementwise family repeats `period` parameters. */
export function tileOf(period: number): number {
  let tile = period;
  while (tile % VECTOR !== 0) tile += period;
  return tile * Math.ceil(SHORTEST / tile);
}
