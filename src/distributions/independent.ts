import type { Kernels, Pointer } from "../core/kernels.ts";
import { has, integer, wrongKind } from "../errors.ts";
import {
  type Averaged, type Distribution, type Divergent, type Entropic, type Finite, type Invertible, type Path, type Relaxable, type Reparameterizable, type Scored, type Shapes, sizeOf,
  type Smooth, type Stream, type Support, type Theta,
} from "../vocabulary/distribution.ts";
import { addTerms, blockOf, eachBlock, roomFor } from "./blocks.ts";

type Copied<S extends Shapes> = { readonly [N in keyof S]: readonly [number, ...S[N]] };

/** What a family may be able to do. */
type Able = Distribution & Partial<Scored & Smooth & Reparameterizable & Invertible & Averaged & Finite & Relaxable & { readonly conditional: Path } & Pick<Divergent, "divergence"> & Entropic>;
type Kept = Exclude<keyof Able, keyof Distribution | "scoreMoments">;

/** Several copies of a family: its parameters have one dimension more in front, and it can do what the family can. */
export type Independent<D extends Distribution> = Distribution<Copied<D["params"]>> & Pick<D, Extract<keyof D, Kept>>;

/**
 * `copies` independent draws of a family side by side, each with parameters of its own: `independent(categorical(10), 5)` is five
 * choices, with logits `[5, 10]` and draws of width 5.
 *
 * It has every capability of the family but antithetic pairs and a measure-valued derivative; a finite support has size^copies points.
 *
 * @param family  any distribution
 * @param copies  at least 1
 * @throws {RangeError} if `copies` is not a positive integer
 */
export function independent<D extends Distribution>(family: D, copies: number): Independent<D> {
  if (!has("sample", family)) throw wrongKind("independent", "family", "a distribution", family, "Make one, such as categorical(10).");
  integer("independent", "copies", copies);
  const p: Able = family;
  const made: Able = {
    name: `independent ${p.name}`,
    ...(p.modules && { modules: p.modules }),
    dim: p.dim * copies,
    params: Object.fromEntries(Object.entries(p.params).map(([name, shape]) => [name, [copies, ...shape]])),
    domains: p.domains,
    ...(p.verify && { verify: (params, batch) => p.verify!(params, batch * copies) }),
    ...along(p, copies),
    ...byRow(p, copies),
    ...byProblem(p, copies),
    ...(p.support && { support: product(p.support, p.dim, copies) }),
  };
  return made as unknown as Independent<D>;
}

/** θ as the family has it: a problem of copies is as many problems, a row as many rows, and all arrays are the same. */
const inner = (theta: Theta, copies: number): Theta => ({ ...theta, batch: theta.batch * copies, get at() { return theta.at; } });

/** What only reads and writes arrays. */
function along(p: Able, copies: number) {
  const stream = (of: Stream): Stream => ({ ...of, chunk: of.chunk * copies });
  const path = (of: Path): Path => ({
    noise: of.noise * copies,
    draw: (kernels, from, rows, theta, noise, x) => of.draw(kernels, stream(from), rows * copies, inner(theta, copies), noise, x),
    pull: (kernels, rows, theta, noise, x, cotangent, terms) => of.pull(kernels, rows * copies, inner(theta, copies), noise, x, cotangent, terms),
    ...(of.push && {
      push: (kernels: Kernels, rows: number, theta: Theta, noise: Pointer, x: Pointer, tangent: Pointer, out: Pointer): void =>
        of.push!(kernels, rows * copies, inner(theta, copies), noise, x, tangent, out),
    }),
  });
  const { relaxation, quantile } = p;
  return {
    prepare: (kernels, params, theta) => p.prepare(kernels, params, inner(theta, copies)),
    sample: (kernels, from, rows, theta, x) => p.sample(kernels, stream(from), rows * copies, inner(theta, copies), x),
    ...(p.path && { path: path(p.path) }),
    ...(p.conditional && { conditional: path(p.conditional) }),
    ...(relaxation && {
      relaxation: {
        dim: relaxation.dim * copies,
        latent: path(relaxation.latent),
        harden: (kernels, rows, z, x) => relaxation.harden(kernels, rows * copies, z, x),
        soften: (kernels, rows, z, temperature, y) => relaxation.soften(kernels, rows * copies, z, temperature, y),
        pull: (kernels, rows, y, temperature, cotangent, out) => relaxation.pull(kernels, rows * copies, y, temperature, cotangent, out),
      },
    }),
    ...(quantile && {
      quantile: {
        uniforms: quantile.uniforms * copies,
        draw: (kernels, rows, theta, uniform, noise, x) => quantile.draw(kernels, rows * copies, inner(theta, copies), uniform, noise, x),
      },
    }),
    ...(p.moments && { moments: (kernels, theta, mean, variance) => p.moments!(kernels, inner(theta, copies), mean, variance) }),
  } satisfies Partial<Able>;
}

/** What has a number a row: it is summed over the copies, or given to each, by blocks of rows. */
function byRow(p: Able, copies: number) {
  const size = sizeOf(p.params);
  const width = copies * (1 + size);
  const own = (batch: number, tile: number): number => roomFor(p.prepared(batch * copies, tile));
  const block = ({ batch }: Theta): number => blockOf(batch, width);
  const scratch = (kernels: Kernels, theta: Theta): { numbers: Pointer; terms: Pointer } => {
    const bytes = kernels.arrayBytes();
    const numbers = theta.at + own(theta.batch, theta.tile) * bytes;
    return { numbers, terms: numbers + roomFor(block(theta) * copies) * bytes };
  };
  return {
    prepared: (batch, tile) => own(batch, tile) + roomFor(blockOf(batch, width) * copies) + roomFor(blockOf(batch, width) * copies * size),
    ...(p.logProb && {
      logProb: (kernels, rows, theta, x, logProb) =>
        eachBlock(rows, block(theta), (first, some) => {
          const [{ numbers }, bytes] = [scratch(kernels, theta), kernels.arrayBytes()];
          p.logProb!(kernels, some * copies, inner(theta, copies), x + first * copies * p.dim * bytes, numbers);
          kernels.columnsSum(some, copies, numbers, logProb + first * bytes);
        }),
    }),
    ...(p.score && {
      score: (kernels, rows, theta, x, coefficient, terms) =>
        eachBlock(rows, block(theta), (first, some) => {
          const [at, bytes] = [scratch(kernels, theta), kernels.arrayBytes()];
          kernels.columnsSpread(some, copies, coefficient + first * bytes, at.numbers);
          kernels.arrayFill(some * copies * size, 0, at.terms);
          p.score!(kernels, some * copies, inner(theta, copies), x + first * copies * p.dim * bytes, at.numbers, at.terms);
          addTerms(kernels, p.params, copies, { first, rows: some, terms: at.terms }, rows, terms);
        }),
    }),
    ...(p.logProbGradient && {
      logProbGradient: (kernels, rows, theta, x, coefficient, out) =>
        eachBlock(rows, block(theta), (first, some) => {
          const [{ numbers }, bytes] = [scratch(kernels, theta), kernels.arrayBytes()];
          const from = first * copies * p.dim * bytes;
          kernels.columnsSpread(some, copies, coefficient + first * bytes, numbers);
          p.logProbGradient!(kernels, some * copies, inner(theta, copies), x + from, numbers, out + from);
        }),
    }),
  } satisfies Partial<Able>;
}

/** What has a number a problem: it is summed over the copies. */
function byProblem(p: Able, copies: number) {
  const summed = (kernels: Kernels, { at, batch, tile }: Theta, value: Pointer, use: (each: Pointer) => void): void => {
    const bytes = kernels.arrayBytes();
    const each = at + roomFor(p.prepared(batch * copies, tile)) * bytes;
    const sums = each + roomFor(batch * copies) * bytes;
    kernels.arrayFill(batch * copies, 0, each);
    use(each);
    kernels.columnsSum(batch, copies, each, sums);
    kernels.arrayAdd(batch, sums, value);
  };
  return {
    ...(p.entropy && {
      entropy: (kernels, theta, sign, value, gradient) => summed(kernels, theta, value, (each) => p.entropy!(kernels, inner(theta, copies), sign, each, gradient)),
    }),
    ...(p.divergence && {
      divergence: (kernels, theta, prior, sign, value, gradient) =>
        summed(kernels, theta, value, (each) => p.divergence!(kernels, inner(theta, copies), inner(prior, copies), sign, each, gradient)),
    }),
  } satisfies Partial<Able>;
}

/** Every combination of the copies' points; the last copy's turn fastest. */
function product(support: Support, dim: number, copies: number): Support {
  const { size } = support;
  return {
    size: Array.from({ length: copies }).reduce((all: number) => all * size, 1),
    enumerate: (kernels, from, to, batch, x) => {
      const bytes = kernels.arrayBytes();
      for (let point = from; point < to; point++) {
        const first = x + (point - from) * batch * copies * dim * bytes;
        for (let copy = copies - 1, left = point; copy >= 0; copy--, left = Math.floor(left / size)) {
          support.enumerate(kernels, left % size, (left % size) + 1, 1, first + copy * dim * bytes);
        }
        for (let b = 1; b < batch; b++) kernels.arrayCopy(copies * dim, first, first + b * copies * dim * bytes);
      }
    },
  };
}
