import type { Points } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import type { KernelModule } from "../core/module.ts";
import type { Key } from "../key.ts";

export type { Conditional, Gapped, LatentScored, Relaxable, Relaxation } from "./relaxation.ts";
export type { Finite, Separable, Support, Variable } from "./support.ts";

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

/** Both tails of the distribution function, coordinate by coordinate: what an implicit reparameterization is made of. */
export interface Cumulative {
  /** below = log P(X ≤ x) and above = log P(X > x), both `[rows, dim]`, written: each tail exact to rounding however thin; −∞ beyond the support. */
  readonly cumulative: (kernels: Kernels, rows: number, theta: Theta, x: Pointer, below: Pointer, above: Pointer) => void;
}

/** x from uniforms given from outside, coordinate by coordinate: for noise that is stratified, antithetic or quasi-random. */
export interface Invertible {
  readonly quantile: {
    /** Uniforms in (0, 1) that a row takes. */
    readonly uniforms: number;
    /**
     * `uniform` is `[rows, uniforms]`; x, and the noise that the family's path keeps, are written as by `path.draw`; x itself may be the
     * noise, where it is not wanted. Each coordinate of x rises with its uniform, where the coordinates are independent.
     */
    readonly draw: (kernels: Kernels, rows: number, theta: Theta, uniform: Pointer, noise: Pointer, x: Pointer) => void;
  };
}

/** Mean and variance of each coordinate in closed form. */
export interface Averaged {
  /** Both `[batch, dim]`, written: ∞ where they diverge, NaN where they do not exist. */
  readonly moments: (kernels: Kernels, theta: Theta, mean: Pointer, variance: Pointer) => void;
}

/** What is known of angles: each coordinate is on a circle. */
export interface Circular {
  /** Both `[batch, dim]`, written: the direction of E[exp(i x)], within (−π, π], and 1 less its length, 0 … 1. */
  readonly circular: (kernels: Kernels, theta: Theta, mean: Pointer, variance: Pointer) => void;
}

/** The mean as a function of θ that can be differentiated: straight-through, and what a control variate that is linear in x is worth. */
export interface Centred {
  readonly centre: {
    /** mean is `[batch, dim]`, written. */
    readonly mean: (kernels: Kernels, theta: Theta, mean: Pointer) => void;
    /** terms += (∂mean/∂θ)ᵀ cotangent; `cotangent` is `[rows, dim]`, `terms` as in `Scored`. */
    readonly pull: (kernels: Kernels, rows: number, theta: Theta, cotangent: Pointer, terms: Pointer) => void;
  };
}

/** What a control variate that is quadratic about the mean is worth. */
export interface Quadratic extends Centred {
  /**
   * value[batch] += E[½ (x − a)ᵀ H (x − a)] at a = mean, gradient += ∂/∂θ of it with a held still. `curvature` is H,
   * `[dim, batch, dim]`; gradient packed by parameter, `[batch, …shape]`.
   */
  readonly quadratic: (kernels: Kernels, theta: Theta, curvature: Pointer, value: Pointer, gradient: Pointer) => void;
}

/** How the two points of a measure-valued derivative share their randomness. */
export type Coupling = "same" | "antithetic" | "independent";

/** ∂p/∂θₑ = c (p⁺ − p⁻) for each number θₑ of one problem's parameters: Pflug 1989. */
export interface Measurable {
  readonly weak: {
    /**
     * plus and minus are `[rows, dim]`, written: x, a draw of the family, with the coordinates that entry e concerns drawn anew from
     * p⁺ and p⁻; constant is `[rows]`, written: c ≥ 0. Entries are numbered as one problem's parameters, packed by name.
     *
     * It may draw from the stream's site and from the three after it. Where c = 0, both points are x: p⁺ may not exist.
     */
    readonly draw: (kernels: Kernels, stream: Stream, rows: number, theta: Theta, entry: number, coupling: Coupling, x: Pointer, plus: Pointer, minus: Pointer, constant: Pointer) => void;
  };
}

/** Couplings as the kernels number them. */
export const COUPLINGS: readonly Coupling[] = ["same", "antithetic", "independent"];

/** Sites that one entry of `weak` may draw from. */
export const WEAK_SITES = 4;

/** Pairs of draws as opposed as they can be, and what they say of the gradient: `arm()` and `disarm()`. */
export interface Antithetic extends Scored {
  readonly antithetic: {
    /** Uniforms that `arm` keeps of a row. */
    readonly uniforms: number;
    /** f64 numbers that a call makes ready beside θ, for all its problems; 0 where θ is all it takes. */
    readonly prepared: (batch: number) => number;
    readonly prepare: (kernels: Kernels, theta: Theta, ready: Pointer) => void;
    /** Both points `[rows, dim]`, of one set of uniforms; `uniform` `[rows, uniforms]` is kept if not 0. */
    readonly sample: (kernels: Kernels, stream: Stream, rows: number, theta: Theta, ready: Pointer, uniform: Pointer, x: Pointer, mirrored: Pointer) => void;
    /** terms += coefficient[row] · the score's companion in the uniforms: ½ − u for a flip. */
    readonly arm: (kernels: Kernels, rows: number, theta: Theta, ready: Pointer, uniform: Pointer, coefficient: Pointer, terms: Pointer) => void;
    /** terms += coefficient[row] · the mean of the same given the pair: ½ (b − b̃) · max(p, 1 − p) for a flip. */
    readonly disarm: (kernels: Kernels, rows: number, theta: Theta, ready: Pointer, x: Pointer, mirrored: Pointer, coefficient: Pointer, terms: Pointer) => void;
  };
}

/** Independent coin flips, in sets of any size that avoid one another: `arms()`. */
export interface Binary extends Antithetic {
  readonly mutual: {
    /** Numbers that a call makes ready beside θ. */
    readonly prepared: (tile: number) => number;
    readonly prepare: (kernels: Kernels, draws: number, theta: Theta, ready: Pointer) => void;
    /** x is `[draws, rows, dim]`; draw i of a set takes its noise from stream i. */
    readonly sample: (kernels: Kernels, draws: number, streams: (draw: number) => Stream, rows: number, theta: Theta, ready: Pointer, x: Pointer) => void;
    /**
     * terms `[rows, dim]` += what leave-one-out gives of a set, freed of its bias. A coefficient serves `each` rows, one after the other;
     * from draw to draw there are `stride` coefficients, and so stride · each rows of x.
     */
    readonly terms: (kernels: Kernels, draws: number, rows: number, stride: number, each: number, theta: Theta, ready: Pointer, x: Pointer, coefficient: Pointer, terms: Pointer) => void;
  };
}

/** KL(p ‖ prior) in closed form, the prior from the same family. */
export interface Divergent<S extends Shapes = Shapes> extends Distribution<S> {
  /** value[batch] += sign · KL, gradient += sign · ∂KL/∂θ, packed by parameter `[batch, …shape]`. */
  readonly divergence: (kernels: Kernels, theta: Theta, prior: Theta, sign: number, value: Pointer, gradient: Pointer) => void;
  /** Parameters that p and the prior must have alike for it to be closed: the value is NaN where they do not. */
  readonly sameInPrior?: readonly string[];
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
