import type { Kernels, Pointer } from "../core/kernels.ts";
import { has, integer, wrongKind } from "../errors.ts";
import { type Distribution, type Shapes, sizeOf, type Stream, type Theta, type Variable } from "../vocabulary/distribution.ts";
import { addTerms, blockOf, eachBlock, roomFor } from "./blocks.ts";
import { roomOfWeak, weakOfCopies } from "./copies-weak.ts";
import { product } from "./product.ts";
import { type Able, type Call, composed, type Kept, type Role, type Trace, widthOf } from "./signatures.ts";

type Copied<S extends Shapes> = { readonly [N in keyof S]: readonly [number, ...S[N]] };

/** Several copies of a family: its parameters have one dimension more in front, and it can do what the family can. */
export type Independent<D extends Distribution> = Distribution<Copied<D["params"]>> & Pick<D, Extract<keyof D, Kept>>;

/**
 * `copies` independent draws of a family side by side, each with parameters of its own: `independent(categorical(10), 5)` is five
 * choices, with logits `[5, 10]` and draws of width 5.
 *
 * It has every capability of the family; a finite support has size^copies points.
 *
 * @param family  any distribution
 * @param copies  at least 1
 * @throws {RangeError} if `copies` is not a positive integer
 */
export function independent<D extends Distribution>(family: D, copies: number): Independent<D> {
  if (!has("sample", family)) throw wrongKind("independent", "family", "a distribution", family, "Make one, such as categorical(10).");
  integer("independent", "copies", copies);
  const p: Able = family;
  const made = {
    name: `independent ${p.name}`,
    ...(p.modules && { modules: p.modules }),
    dim: p.dim * copies,
    params: Object.fromEntries(Object.entries(p.params).map(([name, shape]) => [name, [copies, ...shape]])),
    domains: p.domains,
    ...(p.verify && { verify: (params, batch) => p.verify!(params, batch * copies) }),
    prepared: (batch, tile) => roomOf(p, copies, batch, tile),
    prepare: (kernels, params, theta) => p.prepare(kernels, params, inner(theta, copies)),
    ...composed([p], {
      width: ([one]) => one! * copies,
      call: (roles, [one]) => (roles.some(summed) ? weighed(p, copies, roles, one!) : along(copies, roles, one!)),
      trace: ([one]) => traced(p, copies, one!),
    }),
    ...(p.sameInPrior && { sameInPrior: p.sameInPrior }),
    ...(p.weak && { weak: weakOfCopies(p, p.weak, copies, (kernels, theta) => scratchOf(p, copies, kernels, theta).draws) }),
    ...(p.support && { support: product(Array.from({ length: copies }, (_, copy) => ({ support: p.support!, column: copy * p.dim })), p.dim * copies) }),
    ...(p.variable && { variable: (column) => ofCopy(p.variable!(column % p.dim), Math.floor(column / p.dim), copies, p.dim) }),
  } as Able;
  return made as unknown as Independent<D>;
}

/** θ as the family has it: a problem of copies is as many problems, a row as many rows, and all arrays are the same. */
const inner = (theta: Theta, copies: number): Theta => ({ ...theta, batch: theta.batch * copies, get at() { return theta.at; } });

/** A chunk of copies is as many chunks. */
const streamOf = (of: Stream, copies: number): Stream => ({ ...of, chunk: of.chunk * copies });

/** What an argument is to the copies, each of which is a row or a problem of the family. */
const MEANING: Readonly<Record<string, (given: never, copies: number) => unknown>> = {
  theta: inner,
  stream: streamOf,
  streams: (of: (draw: number) => Stream, copies) => (draw: number) => streamOf(of(draw), copies),
  rows: (rows: number, copies) => rows * copies,
  each: (each: number, copies) => each * copies,
  batch: (batch: number, copies) => batch * copies,
} satisfies Record<string, (given: never, copies: number) => unknown>;

const meant = (role: Role, given: unknown, copies: number): unknown => (role.array === undefined && Object.hasOwn(MEANING, role.name) ? MEANING[role.name]!(given as never, copies) : given);

/** Arrays of which the copies do not have a part each. */
const summed = ({ array }: Role): boolean => array === "number" || array === "sum" || array === "curvature";

/** What only reads and writes arrays: they lie in memory as the family would have them. */
function along(copies: number, roles: readonly Role[], one: Call): Call {
  return (...given) => one(...roles.map((role, i) => meant(role, given[i], copies)));
}

/** Scratch behind the prepared θ: for a block of rows. */
interface Scratch {
  /** `[rows, copies]`: a number for each copy. */
  readonly numbers: Pointer;
  readonly sums: Pointer;
  readonly terms: Pointer;
  readonly curvature: Pointer;
  /** Room for a chunk of one number a draw, and for the draws of a few rows. */
  readonly draws: Pointer;
}

const blockFor = (p: Able, copies: number, batch: number): number => blockOf(batch, copies * (1 + sizeOf(p.params)));

function lengths(p: Able, copies: number, batch: number): readonly number[] {
  const block = blockFor(p, copies, batch);
  return [block * copies, block, block * copies * sizeOf(p.params), p.quadratic ? 2 * batch * copies * p.dim * p.dim : 0, p.weak ? roomOfWeak(p.dim) : 0];
}

function scratchOf(p: Able, copies: number, kernels: Kernels, { batch, tile, at }: Theta): Scratch {
  let next = at + roomFor(p.prepared(batch * copies, tile)) * kernels.arrayBytes();
  const [numbers, sums, terms, curvature, draws] = lengths(p, copies, batch).map((length) => {
    const own = next;
    next += roomFor(length) * kernels.arrayBytes();
    return own;
  }) as [Pointer, Pointer, Pointer, Pointer, Pointer];
  return { numbers, sums, terms, curvature, draws };
}

const roomOf = (p: Able, copies: number, batch: number, tile: number): number =>
  roomFor(p.prepared(batch * copies, tile)) + lengths(p, copies, batch).reduce((sum, length) => sum + roomFor(length), 0);

/** What has a number a row, or a problem: it is summed over the copies, or given to each, by blocks of rows. */
function weighed(p: Able, copies: number, roles: readonly Role[], one: Call): Call {
  const [rowsAt, thetaAt] = ["rows", "theta"].map((name) => roles.findIndex((role) => role.array === undefined && role.name === name)) as [number, number];
  const widths = roles.map((role) => copies * widthOf(p, role));
  const size = copies * sizeOf(p.params);
  return (...given) => {
    const [kernels, theta] = [given[0] as Kernels, given[thetaAt] as Theta];
    const rows = rowsAt < 0 ? theta.batch : (given[rowsAt] as number);
    const at = scratchOf(p, copies, kernels, theta);
    const bytes = kernels.arrayBytes();
    const own = roles.map((role, i) => meant(role, given[i], copies));
    eachBlock(rows, blockFor(p, copies, theta.batch), (first, some) => {
      roles.forEach(({ array }, i) => {
        const from = given[i] as Pointer;
        if (i === rowsAt) own[i] = some * copies;
        else if (array === "number") own[i] = (kernels.columnsSpread(some, copies, from + first * bytes, at.numbers), at.numbers);
        else if (array === "sum") own[i] = (kernels.arrayFill(some * copies, 0, at.numbers), at.numbers);
        else if (array === "curvature") own[i] = gathered(kernels, p.dim, copies, theta.batch, from, at.curvature);
        else if (array === "terms") own[i] = (kernels.arrayFill(some * size, 0, at.terms), at.terms);
        else if (array !== undefined) own[i] = from + first * widths[i]! * bytes;
      });
      one(...own);
      roles.forEach((role, i) => {
        const into = given[i] as Pointer;
        if (role.array === "sum") addUp(kernels, some, copies, role.access, at, into + first * bytes);
        else if (role.array === "terms") addTerms(kernels, p.params, copies, { first, rows: some, terms: at.terms }, rows, into);
      });
    });
  };
}

function addUp(kernels: Kernels, rows: number, copies: number, access: string, { numbers, sums }: Scratch, out: Pointer): void {
  kernels.columnsSum(rows, copies, numbers, access === "+" ? sums : out);
  if (access === "+") kernels.arrayAdd(rows, sums, out);
}

/** Of H, `[width, batch, width]`, what a copy has to do with itself: `[dim, batch · copies, dim]`. Copies are independent, each about its mean. */
function gathered(kernels: Kernels, dim: number, copies: number, batch: number, curvature: Pointer, out: Pointer): Pointer {
  const [width, bytes] = [dim * copies, kernels.arrayBytes()];
  const block = out + batch * copies * dim * dim * bytes;
  for (let copy = 0; copy < copies; copy++) {
    for (let j = 0; j < dim; j++) {
      kernels.columnsTake(batch, width, copy * dim, dim, curvature + (copy * dim + j) * batch * width * bytes, block);
      kernels.columnsPut(batch, width, copy * dim, dim, block, out + j * batch * width * bytes);
    }
  }
  return out;
}

/** Each copy's relaxation on its own stretch of the latent. */
function traced(p: Able, copies: number, one: Trace): Trace {
  const width = p.relaxation!.dim;
  return (z, temperature) => {
    const [first, ...others] = Array.from({ length: copies }, (_, copy) => one(z.slice(copy * width, (copy + 1) * width), temperature));
    return first!.concatenate(...others);
  };
}

/** A variable of one copy, as all have it. */
function ofCopy(one: Variable | undefined, copy: number, copies: number, dim: number): Variable | undefined {
  return one && {
    ...one,
    column: copy * dim + one.column,
    room: (batch) => one.room(batch * copies) + one.size * batch * copies,
    logProb(kernels, theta, room, logProb) {
      const all = room + one.room(theta.batch * copies) * kernels.arrayBytes();
      one.logProb(kernels, inner(theta, copies), room, all);
      kernels.columnsTake(one.size * theta.batch, copies, copy, 1, all, logProb);
    },
  };
}
