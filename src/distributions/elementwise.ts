import type { Kernels, Pointer } from "../core/kernels.ts";
import { COUPLINGS, type Cumulative, type Distribution, type Domain, type Invertible, type Measurable, type Path, type Stream, type Theta } from "../vocabulary/distribution.ts";

/** Any number of the real line. */
export const real: Domain = { expected: "a finite number", admits: Number.isFinite };

export type Sample = (low: number, high: number, site: number, chunk: number, rows: number, dim: number, tile: number, theta: Pointer, x: Pointer) => void;
type LogProb = (rows: number, dim: number, tile: number, theta: Pointer, x: Pointer, logProb: Pointer) => void;
type Score = (rows: number, dim: number, tile: number, theta: Pointer, x: Pointer, coefficient: Pointer, terms: Pointer) => void;
type Pull = (rows: number, dim: number, tile: number, theta: Pointer, x: Pointer, cotangent: Pointer, terms: Pointer) => void;
type Push = (rows: number, dim: number, tile: number, theta: Pointer, x: Pointer, tangent: Pointer, out: Pointer) => void;
type Invert = (rows: number, dim: number, tile: number, theta: Pointer, uniform: Pointer, x: Pointer) => void;
type Tails = (rows: number, dim: number, tile: number, theta: Pointer, x: Pointer, below: Pointer, above: Pointer) => void;
type Moments = (batch: number, dim: number, tile: number, theta: Pointer, mean: Pointer, variance: Pointer) => void;
type Entropy = (batch: number, dim: number, tile: number, sign: number, theta: Pointer, value: Pointer, gradient: Pointer) => void;
type Weak = (low: number, high: number, site: number, chunk: number, rows: number, dim: number, tile: number, theta: Pointer, entry: number, coupling: number, x: Pointer, plus: Pointer, minus: Pointer, constant: Pointer) => void;
type Divergence = (batch: number, dim: number, tile: number, theta: Pointer, priorTile: number, prior: Pointer, sign: number, value: Pointer, gradient: Pointer) => void;

/**
 * The capabilities of a family whose coordinates are independent and whose parameters are all `[dim]`, from its kernels: each takes
 * the tile over which θ is repeated, so it runs along `[rows, dim]` as one flat array.
 */
export const elementwise = {
  sample:
    (dim: number, of: (kernels: Kernels) => Sample): Distribution["sample"] =>
    (kernels, { key, site, chunk }: Stream, rows, theta, x) =>
      of(kernels)(key.low, key.high, site, chunk, rows, dim, theta.tile, theta.at, x),

  logProb:
    (dim: number, of: (kernels: Kernels) => LogProb) =>
    (kernels: Kernels, rows: number, theta: Theta, x: Pointer, logProb: Pointer): void =>
      of(kernels)(rows, dim, theta.tile, theta.at, x, logProb),

  score:
    (dim: number, of: (kernels: Kernels) => Score) =>
    (kernels: Kernels, rows: number, theta: Theta, x: Pointer, coefficient: Pointer, terms: Pointer): void =>
      of(kernels)(rows, dim, theta.tile, theta.at, x, coefficient, terms),

  /** The score's sibling: coefficient · ∂ log p/∂x, added. */
  logProbGradient:
    (dim: number, of: (kernels: Kernels) => Score) =>
    (kernels: Kernels, rows: number, theta: Theta, x: Pointer, coefficient: Pointer, out: Pointer): void =>
      of(kernels)(rows, dim, theta.tile, theta.at, x, coefficient, out),

  /** A path whose derivative x alone gives: no noise is kept. */
  path: (dim: number, draw: (kernels: Kernels) => Sample, pull: (kernels: Kernels) => Pull, push: (kernels: Kernels) => Push): Path => ({
    noise: 0,
    draw: (kernels, { key, site, chunk }, rows, theta, _, x) => draw(kernels)(key.low, key.high, site, chunk, rows, dim, theta.tile, theta.at, x),
    pull: (kernels, rows, theta, _, x, cotangent, terms) => pull(kernels)(rows, dim, theta.tile, theta.at, x, cotangent, terms),
    push: (kernels, rows, theta, _, x, tangent, out) => push(kernels)(rows, dim, theta.tile, theta.at, x, tangent, out),
  }),

  /** One uniform a coordinate, and no noise to keep. */
  quantile: (dim: number, of: (kernels: Kernels) => Invert): Invertible["quantile"] => ({
    uniforms: dim,
    draw: (kernels, rows, theta, uniform, _, x) => of(kernels)(rows, dim, theta.tile, theta.at, uniform, x),
  }),

  cumulative:
    (dim: number, of: (kernels: Kernels) => Tails): Cumulative["cumulative"] =>
    (kernels, rows, theta, x, below, above) =>
      of(kernels)(rows, dim, theta.tile, theta.at, x, below, above),

  weak: (dim: number, of: (kernels: Kernels) => Weak): Measurable["weak"] => ({
    draw: (kernels, { key, site, chunk }, rows, theta, entry, coupling, x, plus, minus, constant) =>
      of(kernels)(key.low, key.high, site, chunk, rows, dim, theta.tile, theta.at, entry, COUPLINGS.indexOf(coupling), x, plus, minus, constant),
  }),

  moments:
    (dim: number, of: (kernels: Kernels) => Moments) =>
    (kernels: Kernels, theta: Theta, mean: Pointer, variance: Pointer): void =>
      of(kernels)(theta.batch, dim, theta.tile, theta.at, mean, variance),

  entropy:
    (dim: number, of: (kernels: Kernels) => Entropy) =>
    (kernels: Kernels, theta: Theta, sign: number, value: Pointer, gradient: Pointer): void =>
      of(kernels)(theta.batch, dim, theta.tile, sign, theta.at, value, gradient),

  divergence:
    (dim: number, of: (kernels: Kernels) => Divergence) =>
    (kernels: Kernels, theta: Theta, prior: Theta, sign: number, value: Pointer, gradient: Pointer): void =>
      of(kernels)(theta.batch, dim, theta.tile, theta.at, prior.tile, prior.at, sign, value, gradient),
} as const;
