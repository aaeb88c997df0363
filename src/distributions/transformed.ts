import { borrow } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import { finite, has, listed, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import {
  type Averaged, type Centred, type Cumulative, type Distribution, type Divergent, type Entropic, type Invertible, type Measurable, type Path, type Reparameterizable, type Scored, sizeOf, type Smooth, type Theta,
} from "../vocabulary/distribution.ts";
import { addTerms, blockOf, eachBlock, roomFor, takeTerms } from "./blocks.ts";

/** A map of one number to another that can be undone: by name, or shift + scale · x. */
export type Bijection = "exp" | "sigmoid" | "tanh" | "softplus" | { readonly shift?: number; readonly scale?: number };

type Able = Distribution & Partial<Scored & Smooth & Reparameterizable & Invertible & Cumulative & Averaged & Centred & Measurable & Entropic & Pick<Divergent, "divergence">>;
/** What has a closed form behind shift + scale · x, and not behind other maps in general. */
type Linear = "moments" | "centre" | "entropy";
type Kept = Exclude<keyof Able, keyof Distribution | "scoreMoments" | Linear>;

/** A family behind maps: the same parameters, other draws. */
export type Transformed<D extends Distribution, M extends readonly Bijection[] = readonly Bijection[]> = Distribution<D["params"]> &
  Pick<D, Extract<keyof D, [Extract<M[number], string>] extends [never] ? Kept | Linear : Kept>>;

// The numbers of the maps in assembly/distributions/transformed.ts.
const MAPS = { exp: 1, sigmoid: 2, tanh: 3, softplus: 4 } as const;
const AFFINE = 0;

interface Mapping {
  readonly name: string;
  readonly map: number;
  readonly shift: number;
  readonly scale: number;
}

/**
 * y = g(x) of draws x of a continuous family, coordinate by coordinate: `transformed(normal(3), "sigmoid")` is logit-normal,
 * `transformed(normal(1), { shift: 5, scale: 2 }, "tanh")` has two maps, the first first.
 *
 * Densities have the factor 1 / |g′|; scores, divergences and paths are those of the family behind it. Draws keep off the ends of the range
 * of g. Mean, variance and entropy are those of the family moved where all maps are `{ shift, scale }`; else they have no closed form in general, and
 * are not there.
 *
 * @param family   a family with a path
 * @param through  "exp", "sigmoid", "tanh", "softplus" or `{ shift, scale }`, scale not 0; one at least
 */
export function transformed<D extends Distribution & Reparameterizable, const M extends readonly [Bijection, ...Bijection[]]>(family: D, ...through: M): Transformed<D, M> {
  if (!has("sample", family)) throw wrongKind("transformed", "family", "a distribution", family, "Make one, such as normal(3).");
  if ((family as Partial<Reparameterizable>).path === undefined) throw wrongKind("transformed", "family", "a continuous family, one with a path", family.name);
  if (through.length === 0) throw wrongKind("transformed", "through", "a map at least", through);
  return through.reduce<Able>((p, bijection, i) => behind(p, mapping(bijection, i)), family) as unknown as Transformed<D, M>;
}

function mapping(given: Bijection, i: number): Mapping {
  const argument = `through[${i}]`;
  if (typeof given === "string") {
    if (!Object.hasOwn(MAPS, given)) throw wrongValue("transformed", argument, `${listed(Object.keys(MAPS))}, or { shift, scale }`, `"${given}"`);
    return { name: given, map: MAPS[given], shift: 0, scale: 1 };
  }
  onlyOptions("transformed", given, ["shift", "scale"]);
  const shift = finite("transformed", `${argument}.shift`, given.shift ?? 0);
  const scale = finite("transformed", `${argument}.scale`, given.scale ?? 1, "a number that is not 0", (x) => x !== 0);
  return { name: "affine", map: AFFINE, shift, scale };
}

function behind(p: Able, through: Mapping): Able {
  return {
    name: `${through.name} ${p.name}`,
    ...(p.modules && { modules: p.modules }),
    dim: p.dim,
    params: p.params,
    domains: p.domains,
    ...(p.verify && { verify: p.verify }),
    prepare: p.prepare,
    ...(p.divergence && { divergence: p.divergence }), // a map that both went through changes nothing
    ...drawn(p, through),
    ...undone(p, through),
    ...(through.map === AFFINE && moved(p, through)),
  };
}

/** Mean, variance and entropy of shift + scale · x. */
function moved({ dim, moments, centre, entropy }: Able, { map, shift, scale }: Mapping) {
  const forward = (kernels: Kernels, count: number, mean: Pointer): void => kernels.transformedForward(map, shift, scale, count, mean, mean);
  return {
    ...(moments && {
      moments: (kernels, theta, mean, variance) => {
        moments(kernels, theta, mean, variance);
        forward(kernels, theta.batch * dim, mean);
        kernels.transformedForward(map, 0, scale * scale, theta.batch * dim, variance, variance);
      },
    }),
    ...(centre && {
      centre: {
        mean: (kernels, theta, mean) => {
          centre.mean(kernels, theta, mean);
          forward(kernels, theta.batch * dim, mean);
        },
        pull: (kernels, rows, theta, cotangent, terms) =>
          borrow(kernels, roomFor(rows * dim) * kernels.arrayBytes(), "transformed", (scaled) => {
            kernels.arrayCopy(rows * dim, cotangent, scaled);
            kernels.arrayScale(rows * dim, scale, scaled);
            centre.pull(kernels, rows, theta, scaled, terms);
          }),
      },
    }),
    ...(entropy && {
      entropy: (kernels, theta, sign, value, gradient) => {
        entropy(kernels, theta, sign, value, gradient);
        kernels.transformedLogSlope(map, sign > 0 ? 1 / scale : scale, theta.batch, dim, theta.at, value); // it takes log |its scale| away for each coordinate, whatever x is
      },
    }),
  } satisfies Partial<Able>;
}

const CHUNK = 1024; // rows of a stream that share seeds

/** What draws: it draws from the family and maps in place. */
function drawn(p: Able, { map, shift, scale }: Mapping) {
  const { quantile, weak, dim } = p;
  const forward = (kernels: Kernels, rows: number, x: Pointer): void => kernels.transformedForward(map, shift, scale, rows * p.dim, x, x);
  return {
    sample: (kernels, stream, rows, theta, y) => {
      p.sample(kernels, stream, rows, theta, y);
      forward(kernels, rows, y);
    },
    ...(weak && {
      weak: {
        draw: (kernels, stream, rows, theta, entry, coupling, y, plus, minus, constant) =>
          borrow(kernels, roomFor(CHUNK * dim) * kernels.arrayBytes(), "transformed", (x) =>
            eachBlock(rows, CHUNK, (first, some) => {
              const [bytes, from] = [kernels.arrayBytes(), first * dim * kernels.arrayBytes()];
              kernels.transformedInverse(map, shift, scale, some * dim, y + from, x);
              weak.draw(kernels, { ...stream, chunk: stream.chunk + first / CHUNK }, some, theta, entry, coupling, x, plus + from, minus + from, constant + first * bytes);
              for (const points of [plus, minus]) forward(kernels, some, points + from);
            })),
      },
    }),
    ...(quantile && {
      quantile: {
        uniforms: quantile.uniforms,
        draw(kernels, rows, theta, uniform, noise, y) {
          const made = (own: Pointer): void => {
            quantile.draw(kernels, rows, theta, own, noise, y);
            forward(kernels, rows, y);
          };
          const count = rows * quantile.uniforms;
          if (map !== AFFINE || scale > 0) return made(uniform);
          borrow(kernels, roomFor(count) * kernels.arrayBytes(), "transformed", (mirrored) => {
            kernels.transformedForward(AFFINE, 1, -1, count, uniform, mirrored); // y falls with x, and is to rise with its uniform
            made(mirrored);
          });
        },
      },
    }),
  } satisfies Partial<Able>;
}

/** A block of rows of y, and what lies behind it: x, room for an array like it, and for terms. */
interface Block {
  readonly first: number;
  readonly rows: number;
  readonly x: Pointer;
  readonly y: Pointer;
  readonly slopes: Pointer;
  readonly terms: Pointer;
}

/** What is asked at points y: it goes back to x, block by block. */
function undone(p: Able, { map, shift, scale }: Mapping) {
  const { dim, params } = p;
  const size = sizeOf(params);
  const width = 2 * dim + size;
  const back = (kernels: Kernels, rows: number, theta: Theta, y: Pointer, use: (block: Block) => void): void => {
    const bytes = kernels.arrayBytes();
    const block = blockOf(theta.batch, width);
    const x = theta.at + roomFor(p.prepared(theta.batch, theta.tile)) * bytes;
    const slopes = x + roomFor(block * dim) * bytes;
    eachBlock(rows, block, (first, some) => {
      const own = y + first * dim * bytes;
      kernels.transformedInverse(map, shift, scale, some * dim, own, x);
      use({ first, rows: some, x, y: own, slopes, terms: slopes + roomFor(block * dim) * bytes });
    });
  };
  const path = (of: Path): Path => ({
    noise: of.noise,
    draw: (kernels, stream, rows, theta, noise, y) => {
      of.draw(kernels, stream, rows, theta, noise, y);
      kernels.transformedForward(map, shift, scale, rows * dim, y, y);
    },
    pull: (kernels, all, theta, noise, ys, cotangent, into) =>
      back(kernels, all, theta, ys, ({ first, rows, x, y, slopes, terms }) => {
        const bytes = kernels.arrayBytes();
        kernels.transformedSlope(map, scale, rows * dim, x, y, slopes);
        kernels.arrayMultiply(rows * dim, cotangent + first * dim * bytes, slopes);
        kernels.arrayFill(rows * size, 0, terms);
        of.pull(kernels, rows, theta, noise + first * of.noise * bytes, x, slopes, terms);
        addTerms(kernels, params, 1, { first, rows, terms }, all, into);
      }),
    ...(of.push && {
      push: (kernels: Kernels, all: number, theta: Theta, noise: Pointer, ys: Pointer, tangent: Pointer, out: Pointer): void =>
        back(kernels, all, theta, ys, ({ first, rows, x, y, slopes, terms }) => {
          const bytes = kernels.arrayBytes();
          const moved = terms + roomFor(rows * size) * bytes;
          takeTerms(kernels, params, { first, rows, terms }, all, tangent);
          of.push!(kernels, rows, theta, noise + first * of.noise * bytes, x, terms, moved);
          kernels.transformedSlope(map, scale, rows * dim, x, y, slopes);
          kernels.arrayMultiply(rows * dim, slopes, moved);
          kernels.arrayCopy(rows * dim, moved, out + first * dim * bytes);
        }),
    }),
  });
  return {
    prepared: (batch, tile) => roomFor(p.prepared(batch, tile)) + 3 * roomFor(blockOf(batch, width) * dim) + roomFor(blockOf(batch, width) * size),
    ...(p.path && { path: path(p.path) }),
    ...(p.logProb && {
      logProb: (kernels, all, theta, ys, logProb) =>
        back(kernels, all, theta, ys, ({ first, rows, x }) => {
          const own = logProb + first * kernels.arrayBytes();
          p.logProb!(kernels, rows, theta, x, own);
          kernels.transformedLogSlope(map, scale, rows, dim, x, own);
        }),
    }),
    ...(p.cumulative && {
      cumulative: (kernels, all, theta, ys, below, above) =>
        back(kernels, all, theta, ys, ({ first, rows, x }) => {
          const tails = [below, above].map((tail) => tail + first * dim * kernels.arrayBytes()) as [Pointer, Pointer];
          const [lower, upper] = map === AFFINE && scale < 0 ? tails.toReversed() : tails; // what was below is above
          p.cumulative!(kernels, rows, theta, x, lower!, upper!);
        }),
    }),
    ...(p.score && {
      score: (kernels, all, theta, ys, coefficient, into) =>
        back(kernels, all, theta, ys, ({ first, rows, x, terms }) => {
          kernels.arrayFill(rows * size, 0, terms);
          p.score!(kernels, rows, theta, x, coefficient + first * kernels.arrayBytes(), terms);
          addTerms(kernels, params, 1, { first, rows, terms }, all, into);
        }),
    }),
    ...(p.logProbGradient && {
      logProbGradient: (kernels, all, theta, ys, coefficient, out) =>
        back(kernels, all, theta, ys, ({ first, rows, x, y, slopes }) => {
          const bytes = kernels.arrayBytes();
          kernels.arrayFill(rows * dim, 0, slopes);
          p.logProbGradient!(kernels, rows, theta, x, coefficient + first * bytes, slopes);
          kernels.transformedPullBack(map, scale, rows, dim, x, y, slopes, coefficient + first * bytes, out + first * dim * bytes);
        }),
    }),
  } satisfies Partial<Able>;
}
