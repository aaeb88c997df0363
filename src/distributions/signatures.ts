import type { Node } from "../tape/node.ts";
import {
  type Antithetic, type Averaged, type Binary, type Circular, type Conditional, type Cumulative, type Distribution, type Divergent, type Entropic, type Finite, type Gapped, type Invertible, type Measurable, type Quadratic,
  type Relaxable, type Reparameterizable, type Scored, type Separable, sizeOf, type Smooth,
} from "../vocabulary/distribution.ts";

/** What a family may be able to do. */
export type Able = Distribution &
  Partial<
    Scored & Antithetic & Binary & Smooth & Reparameterizable & Invertible & Averaged & Circular & Quadratic & Cumulative & Finite & Separable & Relaxable & Conditional & Gapped & Measurable & Entropic & Pick<Divergent, "divergence" | "sameInPrior">
  >;
/** What a family made of others can do if they can; a short cut is none of it. */
export type Kept = Exclude<keyof Able, keyof Distribution | "scoreMoments">;

export type Wide = "x" | "noise" | "uniforms" | "pairs" | "z" | "latent" | "given" | "number" | "shared" | "sum" | "terms" | "curvature";

/** Numbers that a row has, of each kind of array. */
const WIDTHS: Readonly<Record<Wide, (p: Able) => number>> = {
  x: (p) => p.dim,
  noise: (p) => p.path?.noise ?? 0,
  uniforms: (p) => p.quantile?.uniforms ?? 0,
  pairs: (p) => p.antithetic?.uniforms ?? 0,
  z: (p) => p.relaxation?.dim ?? 0,
  latent: (p) => p.relaxation?.latent.noise ?? 0,
  given: (p) => p.conditional?.noise ?? 0,
  number: () => 1,
  shared: () => 1,
  sum: () => 1,
  terms: (p) => sizeOf(p.params),
  curvature: (p) => p.dim * p.dim,
};

/**
 * What an argument of a capability is: an array that is read (<), written (>) or added to (+), or something that is told as it is, or to each
 * part in its own way. "sum" is a number a row that adds up over the parts, "gradient" is packed by parameter for each problem.
 */
export type Role = { readonly array: Wide; readonly access: "<" | ">" | "+" } | { readonly array: undefined; readonly name: string };

/** The arguments of every capability that is forwarded by its arguments alone; a "width" adds up. */
type Signatures<T> = { readonly [K in keyof T]?: NonNullable<T[K]> extends (...given: never[]) => unknown ? string : NonNullable<T[K]> extends number ? "width" : Signatures<NonNullable<T[K]>> };

const SIGNATURES: Signatures<Able> = {
  sample: "kernels stream rows theta >x",
  logProb: "kernels rows theta <x >sum",
  score: "kernels rows theta <x <number +terms",
  logProbGradient: "kernels rows theta <x <number +x",
  path: { noise: "width", draw: "kernels stream rows theta >noise >x", pull: "kernels rows theta <noise <x <x +terms", push: "kernels rows theta <noise <x <terms >x" },
  quantile: { uniforms: "width", draw: "kernels rows theta <uniforms >noise >x" },
  cumulative: "kernels rows theta <x >x >x",
  moments: "kernels theta >x >x",
  circular: "kernels theta >x >x",
  centre: { mean: "kernels theta >x", pull: "kernels rows theta <x +terms" },
  quadratic: "kernels theta <curvature +sum gradient",
  entropy: "kernels theta sign +sum gradient",
  divergence: "kernels theta theta sign +sum gradient",
  relaxation: {
    dim: "width",
    latent: { noise: "width", draw: "kernels stream rows theta >latent >z", pull: "kernels rows theta <latent <z <z +terms", push: "kernels rows theta <latent <z <terms >z" },
    harden: "kernels rows <z >x",
    soften: "kernels rows <z temperature >z",
    pull: "kernels rows <z temperature <z >z",
    pullThrough: "kernels rows <z temperature <z +terms",
    trace: "trace",
  },
  conditional: { noise: "width", draw: "kernels stream rows theta <given >z", pull: "kernels rows theta <given <z <z +terms", push: "kernels rows theta <given <z <terms >z" },
  gapped: "kernels rows theta <x gap >z",
  antithetic: {
    uniforms: "width",
    prepared: "batch",
    prepare: "kernels theta ready",
    sample: "kernels stream rows theta ready >pairs >x >x",
    arm: "kernels rows theta ready <pairs <number +terms",
    disarm: "kernels rows theta ready <x <x <number +terms",
  },
  mutual: {
    prepared: "tile",
    prepare: "kernels draws theta ready",
    sample: "kernels draws streams rows theta ready >x",
    terms: "kernels draws rows stride each theta ready <x <shared +terms",
  },
};

export type Call = (...given: readonly unknown[]) => unknown;
export type Trace = (z: Node, temperature: Node) => Node;

/** How a family is made of parts: of what each of them does, what all do together. */
export interface Composition {
  readonly width: (each: readonly number[]) => number;
  readonly call: (roles: readonly Role[], each: readonly Call[]) => Call;
  readonly trace: (each: readonly Trace[]) => Trace;
}

export const widthOf = (p: Able, { array }: Role): number => (array === undefined ? 0 : WIDTHS[array](p));

/** What all parts can do, done by all of them. */
export function composed(parts: readonly Able[], by: Composition): Partial<Able> {
  return walk(SIGNATURES as Table, parts as unknown as readonly Record<string, unknown>[], by);
}

interface Table extends Readonly<Record<string, string | Table>> {}

function walk(table: Table, parts: readonly Readonly<Record<string, unknown>>[], by: Composition): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, signature] of Object.entries(table)) {
    const each = parts.map((part) => part[name]);
    if (each.includes(undefined)) continue;
    if (typeof signature !== "string") made[name] = walk(signature, each as readonly Record<string, unknown>[], by);
    else if (signature === "width") made[name] = by.width(each as readonly number[]);
    else if (signature === "trace") made[name] = by.trace(each as readonly Trace[]);
    else made[name] = by.call(signature.split(" ").map(roleOf), each as readonly Call[]);
  }
  return made;
}

function roleOf(word: string): Role {
  const access = word[0] as "<" | ">" | "+";
  return "<>+".includes(access) ? { array: word.slice(1) as Wide, access } : { array: undefined, name: word };
}
