import type { Kernels, Pointer } from "../core/kernels.ts";
import { has, integer, wrongKind } from "../errors.ts";
import {
  type Averaged, type Cumulative, type Dense, type Distribution, type Finite, type Path, type Reparameterizable, type Scored, sizeOf, type Smooth, type Stream, type Theta,
} from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { addTerms, eachBlock, takeTerms } from "./blocks.ts";
import { categorical } from "./categorical.ts";
import { type Able, CHUNK, componentsOf, type Mixed, roomOf, type Scratch, scratchOf } from "./mixed.ts";

/** Their logits come first; they are called "mixtureLogits" where the family has logits of its own. */
type Weights<D extends Distribution> = "logits" extends keyof D["params"] ? { readonly mixtureLogits: readonly [number] } : { readonly logits: readonly [number] };
type Copied<D extends Distribution> = { readonly [N in keyof D["params"]]: readonly [number, ...D["params"][N]] };
type Shared = keyof (Scored & Smooth & Averaged & Cumulative & Pick<Finite, "support">);
/** A path takes the distribution function, and a support that θ does not move. */
type Implicit<D> = D extends Scored & Reparameterizable & Cumulative ? Reparameterizable : unknown;

/** Components of one family, and which of them it is left open. */
export type MixtureSameFamily<D extends Distribution> = Distribution<Weights<D> & Copied<D>> & Pick<D, Extract<keyof D, Exclude<Shared, "scoreMoments">>> & Implicit<D>;

/**
 * x ~ Σₖ πₖ p(x; θₖ), π = softmax(logits): `count` components of one family. `mixtureSameFamily(normal(2), 3)` has `logits` `[3]`, `mean` `[3, 2]`
 * and `logScale` `[3, 2]`; a family with logits of its own has "mixtureLogits" for those of the mixture.
 *
 * log p by log-sum-exp; the score by responsibilities rₖ = πₖ pₖ / p: of logits r − π, of θₖ rₖ times that of component k. Mean and variance
 * (by the law of total variance), gradient in x and a finite support where the components have them.
 *
 * A path where components have one, a score and a distribution function (`normal`, `logistic`, `laplace`, `cauchy`, `gumbel`, `exponential`,
 * mixtures of them) and their `dim` is 1: implicit reparameterization, ∂x/∂θ = −(∂F/∂θ) / p(x) (Graves 2016, arXiv:1607.05690; Figurnov,
 * Mohamed & Mnih 2018, arXiv:1805.08498). In more dimensions there is none, and `pathwise()` says so. Its variance is large where components hardly overlap:
 * between them p is small, and a draw that falls there moves fast.
 *
 * Cost: a draw draws from every component and keeps one, a score asks each for its own: `count` times the family's, and an exp for each.
 *
 * @param components  any family with a density
 * @param count       at least 1
 * @throws {TypeError} if `components` is no distribution with a density, or `count` not a number
 * @throws {RangeError} if `count` is not a positive integer
 */
export function mixtureSameFamily<D extends Distribution & Dense>(components: D, count: number): MixtureSameFamily<D> {
  if (!has("sample", components)) throw wrongKind("mixtureSameFamily", "components", "a distribution", components, "Make one, such as normal(2).");
  if (!has("logProb", components)) throw wrongKind("mixtureSameFamily", "components", "a family with a density", (components as Distribution).name);
  integer("mixtureSameFamily", "count", count);
  const p: Able = components;
  const logits = "logits" in p.params ? "mixtureLogits" : "logits";
  const choice = categorical(count);
  const mixed: Mixed = { p, count, choice, params: { [logits]: [count], ...Object.fromEntries(Object.entries(p.params).map(([name, shape]) => [name, [count, ...shape]])) } };
  const made: Able = {
    name: `mixture ${p.name}`,
    modules: [...new Set([families, ...(p.modules ?? [])])],
    dim: p.dim,
    params: mixed.params,
    domains: { [logits]: choice.domains.logits, ...p.domains },
    verify: (params, batch) => choice.verify!({ logits: params[logits]! }, batch)?.replace("params.logits", `params.${logits}`) ?? p.verify?.(params, batch * count),
    prepared: (batch) => roomOf(mixed, batch),
    prepare: (kernels, params, theta) => {
      const { own, choose } = componentsOf(mixed, kernels, theta);
      choice.prepare(kernels, params, choose);
      p.prepare(kernels, params + theta.batch * count * kernels.arrayBytes(), own);
    },
    sample: sampler(mixed),
    ...asked(mixed),
    ...(p.moments && { moments: momentsOf(mixed) }),
    ...(p.support && { support: p.support }),
    ...(p.path?.noise === 0 && p.score && p.cumulative && p.dim === 1 && { path: implicit(mixed) }),
    ...(p.cumulative && p.dim === 1 && { cumulative: tails(mixed) }),
  };
  return made as unknown as MixtureSameFamily<D>;
}

/** Draws of all components, a chunk at a time, and of each row the chosen one's. */
function sampler(mixed: Mixed): Distribution["sample"] {
  const { p, count, choice } = mixed;
  return (kernels, { key, site, chunk }: Stream, rows, theta, x) => {
    const [at, bytes] = [scratchOf(mixed, kernels, theta), kernels.arrayBytes()];
    const [which, drawn] = [key.fold("choice"), key.fold("component")];
    for (let first = 0; first < rows; first += CHUNK) {
      const some = Math.min(CHUNK, rows - first);
      const turn = chunk + first / CHUNK;
      const { own, choose } = componentsOf(mixed, kernels, theta);
      choice.sample(kernels, { key: which, site, chunk: turn }, some, choose, at.numbers);
      p.sample(kernels, { key: drawn, site, chunk: turn * count }, some * count, own, at.x);
      kernels.mixtureChoose(some, count, p.dim, at.numbers, at.x, x + first * p.dim * bytes);
    }
  };
}

type Block = Scratch & { readonly first: number; readonly rows: number; readonly own: Theta; readonly choose: Theta };

/** Blocks of rows, x of each repeated for its components and their shares in p(x) known; log p is in `numbers`, or where it is wanted. */
function eachShared(mixed: Mixed, kernels: Kernels, all: number, theta: Theta, x: Pointer, use: (block: Block) => void, logProb?: Pointer): void {
  const { p, count } = mixed;
  const bytes = kernels.arrayBytes();
  const at = scratchOf(mixed, kernels, theta);
  const { own, choose } = componentsOf(mixed, kernels, theta);
  eachBlock(all, at.rows, (first, rows) => {
    kernels.mixtureSpread(rows, count, p.dim, x + first * p.dim * bytes, at.x);
    p.logProb!(kernels, rows * count, own, at.x, at.shares);
    kernels.mixtureShare(rows, theta.batch, count, choose.at, at.shares, at.work, logProb === undefined ? at.numbers : logProb + first * bytes);
    use({ ...at, first, rows, own, choose });
  });
}

/** What a density is asked. */
function asked(mixed: Mixed) {
  const { p, count, params } = mixed;
  return {
    logProb: (kernels, rows, theta, x, logProb) => eachShared(mixed, kernels, rows, theta, x, () => undefined, logProb),
    ...(p.score && {
      score: (kernels, all, theta, x, coefficient, into) =>
        eachShared(mixed, kernels, all, theta, x, ({ first, rows, own, choose, terms, shares, x: xs }) => {
          const bytes = kernels.arrayBytes();
          const weight = coefficient + first * bytes;
          kernels.arrayFill(rows * sizeOf(params), 0, terms);
          kernels.mixtureOffCentre(rows, theta.batch, count, choose.at, shares, terms);
          kernels.mixtureScale(rows, count, weight, terms);
          kernels.mixtureScale(rows, count, weight, shares);
          p.score!(kernels, rows * count, own, xs, shares, terms + rows * count * bytes);
          addTerms(kernels, params, 1, { first, rows, terms }, all, into);
        }),
    }),
    ...(p.logProbGradient && {
      logProbGradient: (kernels, all, theta, x, coefficient, out) =>
        eachShared(mixed, kernels, all, theta, x, ({ first, rows, own, shares, more, x: xs }) => {
          const bytes = kernels.arrayBytes();
          kernels.mixtureScale(rows, count, coefficient + first * bytes, shares);
          kernels.arrayFill(rows * count * p.dim, 0, more);
          p.logProbGradient!(kernels, rows * count, own, xs, shares, more);
          kernels.mixtureGather(rows, count, p.dim, more, out + first * p.dim * bytes);
        }),
    }),
  } satisfies Partial<Able>;
}

/** ∂x/∂θ at a draw: of θₖ that of component k at the same x times its share, of logits from the tails. */
function implicit(mixed: Mixed): Path {
  const { p, count, params } = mixed;
  const moved = (kernels: Kernels, { rows, own, choose, x, numbers, below, above }: Block, out: Pointer): void => {
    p.cumulative!(kernels, rows * count, own, x, below, above);
    kernels.mixtureSlopes(rows, choose.batch, count, choose.at, numbers, below, above, out);
  };
  const sample = sampler(mixed);
  return {
    noise: 0,
    draw: (kernels, stream, rows, theta, _, x) => sample(kernels, stream, rows, theta, x),
    pull: (kernels, all, theta, _, x, cotangent, into) =>
      eachShared(mixed, kernels, all, theta, x, (block) => {
        const { first, rows, own, shares, terms } = block;
        const bytes = kernels.arrayBytes();
        const weight = cotangent + first * bytes;
        kernels.arrayFill(rows * sizeOf(params), 0, terms);
        moved(kernels, block, terms);
        kernels.mixtureScale(rows, count, weight, terms);
        kernels.mixtureScale(rows, count, weight, shares);
        p.path!.pull(kernels, rows * count, own, 0, block.x, shares, terms + rows * count * bytes);
        addTerms(kernels, params, 1, { first, rows, terms }, all, into);
      }),
    ...(p.path!.push && {
      push: (kernels: Kernels, all: number, theta: Theta, _: Pointer, x: Pointer, tangent: Pointer, out: Pointer): void => {
        kernels.arrayZero(all, out);
        eachShared(mixed, kernels, all, theta, x, (block) => {
          const { first, rows, own, shares, terms, more } = block;
          const bytes = kernels.arrayBytes();
          takeTerms(kernels, params, { first, rows, terms }, all, tangent);
          p.path!.push!(kernels, rows * count, own, 0, block.x, terms + rows * count * bytes, more);
          kernels.mixtureDot(rows, count, shares, more, out + first * bytes);
          moved(kernels, block, more);
          kernels.mixtureDot(rows, count, terms, more, out + first * bytes);
        });
      },
    }),
  };
}

/** log Σ πₖ Fₖ, and the same of the upper tails. */
function tails(mixed: Mixed): Cumulative["cumulative"] {
  const { p, count } = mixed;
  return (kernels, all, theta, x, below, above) => {
    const [at, bytes] = [scratchOf(mixed, kernels, theta), kernels.arrayBytes()];
    const { own, choose } = componentsOf(mixed, kernels, theta);
    eachBlock(all, at.rows, (first, rows) => {
      kernels.mixtureSpread(rows, count, 1, x + first * bytes, at.x);
      p.cumulative!(kernels, rows * count, own, at.x, at.below, at.above);
      kernels.mixtureShare(rows, theta.batch, count, choose.at, at.below, at.work, below + first * bytes);
      kernels.mixtureShare(rows, theta.batch, count, choose.at, at.above, at.work, above + first * bytes);
    });
  };
}

function momentsOf(mixed: Mixed): Averaged["moments"] {
  const { p, count } = mixed;
  return (kernels, theta, mean, variance) => {
    const at = scratchOf(mixed, kernels, theta);
    const { own, choose } = componentsOf(mixed, kernels, theta);
    p.moments!(kernels, own, at.x, at.more);
    kernels.mixtureMoments(theta.batch, count, p.dim, choose.at, at.x, at.more, mean, variance);
  };
}
