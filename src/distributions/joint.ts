import type { Points } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import { has, wrongKind } from "../errors.ts";
import { type Distribution, type Domain, sizeOf, type Stream, type Support, type Theta } from "../vocabulary/distribution.ts";
import { addTerms, eachBlock } from "./blocks.ts";
import { type Able, CHUNK, type Kept, type Parts, type Placed, placements, roomOf, type Scratch, scratchOf, thetaOf, widest } from "./parts.ts";

/** The parameters of the parts: those of z are "z.logits", … */
export type JointParameters<P extends Parts> = {
  readonly [K in { [N in keyof P & string]: `${N}.${keyof P[N]["params"] & string}` }[keyof P & string]]: K extends `${infer N}.${infer M}` ? P[N]["params"][M] : never;
};

/** What all parts can do. */
type Common<P extends Parts> = { [K in Kept]: P[keyof P] extends { readonly [Property in K]: unknown } ? K : never }[Kept];

/** Independent parts drawn together; it can do what all of them can. */
export type Joint<P extends Parts> = Distribution<JointParameters<P>> & Pick<Required<Able>, Common<P>> & Composite<P>;

/** A family that is made of named parts, one after the other in each draw. */
export interface Composite<P extends Parts = Parts> {
  readonly parts: P;
}

/**
 * Independent variables of different families drawn together: x is their draws side by side, in the order given, and their parameters are
 * called by the part: `joint({ z: bernoulli(3), w: normal(2) })` has "z.logits", "w.mean" and "w.logScale".
 *
 * It can do what all parts can. Where they differ, `each({ z: disarm(), w: pathwise() })` gives each its own estimator.
 *
 * @param parts  families by name
 */
export function joint<const P extends Parts>(parts: P): Joint<P> {
  const names = Object.keys(parts ?? {});
  if (names.length === 0) throw wrongKind("joint", "parts", "families by name, such as { z: bernoulli(3), w: normal(2) }", parts);
  for (const name of names) if (!has("sample", parts[name])) throw wrongKind("joint", `parts.${name}`, "a distribution", parts[name]);
  const placed = placements(parts);
  const all = (property: string): boolean => placed.every(({ p }) => (p as Able & Record<string, unknown>)[property] !== undefined);
  const made: Able & Composite = {
    name: `joint ${placed.map(({ p }) => p.name).join(" ")}`,
    parts,
    modules: [...new Set(placed.flatMap(({ p }) => p.modules ?? []))],
    dim: placed.reduce((sum, { p }) => sum + p.dim, 0),
    params: Object.fromEntries(placed.flatMap(({ name, p }) => Object.entries(p.params).map(([own, shape]) => [`${name}.${own}`, shape]))),
    domains: Object.fromEntries(placed.flatMap(({ name, p }) => Object.entries(p.domains).map(([own, domain]): [string, Domain] => [`${name}.${own}`, domain as Domain]))),
    verify: (params, batch) => complaint(placed, params, batch),
    ...together(placed, all),
    ...problemwise(placed, all),
    ...(all("support") && { support: product(placed) }),
  };
  return made as unknown as Joint<P>;
}

function complaint(placed: readonly Placed[], params: Readonly<Record<string, Points>>, batch: number): string | undefined {
  for (const { name, p } of placed) {
    const own = Object.fromEntries(Object.keys(p.params).map((parameter) => [parameter, params[`${name}.${parameter}`]!]));
    const said = p.verify?.(own, batch);
    if (said !== undefined) return said.replaceAll('"params.', `"params.${name}.`);
  }
  return undefined;
}

/** What is drawn or asked row by row: the columns of each part are copied out, and what it wrote is copied in or added. */
function together(placed: readonly Placed[], all: (property: string) => boolean) {
  const dim = placed.reduce((sum, { p }) => sum + p.dim, 0);
  const widths = widest(placed);
  const noises = placed.map(({ p }) => p.path?.noise ?? 0);
  const noise = noises.reduce((sum, own) => sum + own, 0);
  const noiseBefore = (i: number): number => noises.slice(0, i).reduce((sum, own) => sum + own, 0);

  /** Each part's draws, a chunk at a time, put into the columns of x (and of the noise). */
  const draws = (kernels: Kernels, stream: Stream, rows: number, theta: Theta, kept: Pointer, x: Pointer, draw: (p: Able, own: Stream, some: number, theta: Theta, noise: Pointer, x: Pointer) => void): void => {
    const [scratch, bytes] = [scratchOf(kernels, placed, widths, theta), kernels.arrayBytes()];
    placed.forEach((part, i) => {
      const key = stream.key.fold(part.name);
      const own = thetaOf(placed, part, kernels, theta);
      for (let first = 0; first < rows; first += CHUNK) {
        const some = Math.min(CHUNK, rows - first);
        draw(part.p, { key, site: stream.site, chunk: stream.chunk + first / CHUNK }, some, own, scratch.noise, scratch.x);
        kernels.columnsPut(some, dim, part.column, part.p.dim, scratch.x, x + first * dim * bytes);
        if (noises[i]! > 0 && kept !== 0) kernels.columnsPut(some, noise, noiseBefore(i), noises[i]!, scratch.noise, kept + first * noise * bytes);
      }
    });
  };
  /** Each part with its own columns of x, block by block. */
  const asked = (kernels: Kernels, rows: number, theta: Theta, x: Pointer, use: (part: Placed, i: number, first: number, some: number, own: Theta, at: Scratch) => void): void => {
    const [scratch, bytes] = [scratchOf(kernels, placed, widths, theta), kernels.arrayBytes()];
    placed.forEach((part, i) => {
      const own = thetaOf(placed, part, kernels, theta);
      eachBlock(rows, scratch.rows, (first, some) => {
        kernels.columnsTake(some, dim, part.column, part.p.dim, x + first * dim * bytes, scratch.x);
        use(part, i, first, some, own, scratch);
      });
    });
  };
  /** Adds a block's terms of a part to its share of all terms. */
  const give = (kernels: Kernels, { p, before }: Placed, first: number, some: number, { terms }: Scratch, rows: number, into: Pointer): void =>
    addTerms(kernels, p.params, 1, { first, rows: some, terms }, rows, into + before * rows * kernels.arrayBytes());
  return {
    prepared: (batch) => roomOf(placed, widths, batch),
    prepare: (kernels, params, theta) => {
      for (const part of placed) part.p.prepare(kernels, params + part.before * theta.batch * kernels.arrayBytes(), thetaOf(placed, part, kernels, theta));
    },
    sample: (kernels, stream, rows, theta, x) => draws(kernels, stream, rows, theta, 0, x, (p, own, some, at, _, into) => p.sample(kernels, own, some, at, into)),
    ...(all("path") && {
      path: {
        noise,
        draw: (kernels, stream, rows, theta, kept, x) => draws(kernels, stream, rows, theta, kept, x, (p, own, some, at, into, xs) => p.path!.draw(kernels, own, some, at, into, xs)),
        pull: (kernels, rows, theta, kept, x, cotangent, terms) =>
          asked(kernels, rows, theta, x, (part, i, first, some, own, at) => {
            const bytes = kernels.arrayBytes();
            kernels.columnsTake(some, dim, part.column, part.p.dim, cotangent + first * dim * bytes, at.more);
            if (noises[i]! > 0) kernels.columnsTake(some, noise, noiseBefore(i), noises[i]!, kept + first * noise * bytes, at.noise);
            kernels.arrayFill(some * sizeOf(part.p.params), 0, at.terms);
            part.p.path!.pull(kernels, some, own, at.noise, at.x, at.more, at.terms);
            give(kernels, part, first, some, at, rows, terms);
          }),
      },
    }),
    ...(all("logProb") && {
      logProb: (kernels, rows, theta, x, logProb) => {
        kernels.arrayZero(rows, logProb);
        asked(kernels, rows, theta, x, (part, _, first, some, own, at) => {
          part.p.logProb!(kernels, some, own, at.x, at.numbers);
          kernels.arrayAdd(some, at.numbers, logProb + first * kernels.arrayBytes());
        });
      },
    }),
    ...(all("score") && {
      score: (kernels, rows, theta, x, coefficient, terms) =>
        asked(kernels, rows, theta, x, (part, _, first, some, own, at) => {
          kernels.arrayFill(some * sizeOf(part.p.params), 0, at.terms);
          part.p.score!(kernels, some, own, at.x, coefficient + first * kernels.arrayBytes(), at.terms);
          give(kernels, part, first, some, at, rows, terms);
        }),
    }),
    ...(all("logProbGradient") && {
      logProbGradient: (kernels, rows, theta, x, coefficient, out) =>
        asked(kernels, rows, theta, x, (part, _, first, some, own, at) => {
          const bytes = kernels.arrayBytes();
          const to = out + first * dim * bytes;
          kernels.columnsTake(some, dim, part.column, part.p.dim, to, at.more);
          part.p.logProbGradient!(kernels, some, own, at.x, coefficient + first * bytes, at.more);
          kernels.columnsPut(some, dim, part.column, part.p.dim, at.more, to);
        }),
    }),
  } satisfies Partial<Able>;
}

/** What is known of each problem. */
function problemwise(placed: readonly Placed[], all: (property: string) => boolean) {
  const dim = placed.reduce((sum, { p }) => sum + p.dim, 0);
  const widths = widest(placed);
  return {
    ...(all("entropy") && {
      entropy: (kernels, theta, sign, value, gradient) => {
        for (const part of placed) part.p.entropy!(kernels, thetaOf(placed, part, kernels, theta), sign, value, gradient + part.before * theta.batch * kernels.arrayBytes());
      },
    }),
    ...(all("divergence") && {
      divergence: (kernels, theta, prior, sign, value, gradient) => {
        for (const part of placed) {
          part.p.divergence!(kernels, thetaOf(placed, part, kernels, theta), thetaOf(placed, part, kernels, prior), sign, value, gradient + part.before * theta.batch * kernels.arrayBytes());
        }
      },
    }),
    ...(all("moments") && {
      moments: (kernels, theta, mean, variance) => {
        const at = scratchOf(kernels, placed, widths, theta);
        for (const part of placed) {
          part.p.moments!(kernels, thetaOf(placed, part, kernels, theta), at.x, at.more);
          kernels.columnsPut(theta.batch, dim, part.column, part.p.dim, at.x, mean);
          kernels.columnsPut(theta.batch, dim, part.column, part.p.dim, at.more, variance);
        }
      },
    }),
  } satisfies Partial<Able>;
}

/** Every combination of the parts' points; the last part's turn fastest. */
function product(placed: readonly Placed[]): Support {
  const dim = placed.reduce((sum, { p }) => sum + p.dim, 0);
  return {
    size: placed.reduce((size, { p }) => size * p.support!.size, 1),
    enumerate: (kernels, from, to, batch, x) => {
      const bytes = kernels.arrayBytes();
      for (let point = from; point < to; point++) {
        const first = x + (point - from) * batch * dim * bytes;
        let left = point;
        for (const { p, column } of placed.toReversed()) {
          const own = left % p.support!.size;
          left = Math.floor(left / p.support!.size);
          p.support!.enumerate(kernels, own, own + 1, 1, first + column * bytes);
        }
        for (let b = 1; b < batch; b++) kernels.arrayCopy(dim, first, first + b * dim * bytes);
      }
    },
  };
}
