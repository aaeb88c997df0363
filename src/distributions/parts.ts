import { borrow } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import { type Distribution, sizeOf, type Stream, type Theta, tileOf } from "../vocabulary/distribution.ts";
import { addTerms, blockOf, eachBlock, roomFor, takeTerms } from "./blocks.ts";
import { type Able, type Call, type Role, widthOf } from "./signatures.ts";

/** Families by name. */
export type Parts = Readonly<Record<string, Distribution>>;

/** A part and where it lies: its first column, and how many numbers of θ one problem has before it. */
export interface Placed {
  readonly name: string;
  readonly p: Able;
  readonly column: number;
  readonly before: number;
}

export function placements(parts: Parts): readonly Placed[] {
  let [column, before] = [0, 0];
  return Object.entries(parts).map(([name, p]) => {
    const placed = { name, p: p as Able, column, before };
    column += p.dim;
    before += sizeOf(p.params);
    return placed;
  });
}

const tile = (batch: number, { p }: Placed): number => tileOf(batch * p.dim);
const ownRoom = (batch: number, part: Placed): number => roomFor(part.p.prepared(batch, tile(batch, part)));

/** Prepared θ of the parts, one after the other. */
export function thetaOf(placed: readonly Placed[], part: Placed, kernels: Kernels, { batch, at }: Theta): Theta {
  const before = placed.slice(0, placed.indexOf(part)).reduce((sum, other) => sum + ownRoom(batch, other), 0);
  return { batch, tile: tile(batch, part), at: at + before * kernels.arrayBytes() };
}

/** Rows of one chunk of a stream. */
const CHUNK = 1024;

/** The roles of a capability's arguments, and what there is to know of them. */
interface Signature {
  readonly roles: readonly Role[];
  readonly rowsAt: number;
  readonly thetaAt: number;
  readonly draws: boolean;
  /** Numbers a row that the widest part has in scratch. */
  readonly width: number;
  /** Numbers a row of each argument: of all parts; of each part, and of those before it. */
  readonly totals: readonly number[];
  readonly widths: readonly (readonly number[])[];
  readonly befores: readonly (readonly number[])[];
}

function signatureOf(placed: readonly Placed[], roles: readonly Role[]): Signature {
  const find = (name: string): number => roles.findIndex((role) => role.array === undefined && role.name === name);
  const widths = placed.map(({ p }) => roles.map((role) => widthOf(p, role)));
  const before = (i: number): readonly number[] => roles.map((_, k) => widths.slice(0, i).reduce((sum, own) => sum + own[k]!, 0));
  const inScratch = (own: readonly number[]): number => own.reduce((sum, width, k) => sum + (inColumns(roles[k]!) || roles[k]!.array === "sum" ? width : 0), 0);
  return { roles, rowsAt: find("rows"), thetaAt: find("theta"), draws: find("stream") >= 0, width: Math.max(...widths.map(inScratch)), totals: before(placed.length), widths, befores: placed.map((_, i) => before(i)) };
}

/** A call of a joint family that can be made of those of its parts, and room for all of them behind the prepared θ of all. */
export interface Columns {
  readonly room: (batch: number) => number;
  /** `of` tells which parts the call concerns; all of them unless given. */
  readonly call: (roles: readonly Role[], each: readonly (Call | undefined)[], of?: (given: readonly unknown[]) => Placed) => Call;
}

/** Arrays that have no columns: a number a row that all parts are told, sums, and what lies by part. */
const inColumns = ({ array }: Role): boolean => array !== undefined && array !== "number" && array !== "sum" && array !== "shared";

export function columnsOf(placed: readonly Placed[]): Columns {
  const signatures: Signature[] = [];
  const own = (batch: number): number => placed.reduce((sum, part) => sum + ownRoom(batch, part), 0);
  return {
    room: (batch) => own(batch) + Math.max(0, ...signatures.filter(({ thetaAt }) => thetaAt >= 0).map((signature) => scratchRoom(signature, batch))),
    call(roles, each, of) {
      const signature = signatureOf(placed, roles);
      signatures.push(signature);
      return (...given) => {
        const kernels = given[0] as Kernels;
        const theta = given[signature.thetaAt] as Theta | undefined;
        const concerned = of?.(given);
        const within = (scratch: Pointer): void =>
          placed.forEach((part, i) => {
            if (concerned !== undefined && part !== concerned) return;
            byBlocks({ kernels, placed, part, i, signature, given, theta, scratch }, each[i]!);
          });
        clear(kernels, signature, given);
        if (theta === undefined) borrow(kernels, scratchRoom(signature, 1) * kernels.arrayBytes(), "joint", within);
        else within(theta.at + own(theta.batch) * kernels.arrayBytes());
      };
    },
  };
}

const rowsOf = ({ draws, rowsAt, width }: Signature, batch: number): number => (draws ? CHUNK : rowsAt < 0 ? batch : blockOf(batch, Math.max(1, width)));
const scratchRoom = (signature: Signature, batch: number): number => rowsOf(signature, batch) * signature.width + signature.roles.length * roomFor(0) * 2;

/** Sums that are written begin at 0. */
function clear(kernels: Kernels, { roles, rowsAt }: Signature, given: readonly unknown[]): void {
  roles.forEach(({ array, ...role }, i) => array === "sum" && "access" in role && role.access === ">" && kernels.arrayZero(given[rowsAt] as number, given[i] as Pointer));
}

interface Asked {
  readonly kernels: Kernels;
  readonly placed: readonly Placed[];
  readonly part: Placed;
  /** Which part it is. */
  readonly i: number;
  readonly signature: Signature;
  readonly given: readonly unknown[];
  readonly theta: Theta | undefined;
  readonly scratch: Pointer;
}

/** A part asked block by block: its own columns are copied out, and what it wrote is copied in or added. */
function byBlocks(asked: Asked, one: Call): void {
  const { signature, given, theta } = asked;
  const { roles, rowsAt } = signature;
  const rows = rowsAt < 0 ? theta!.batch : (given[rowsAt] as number);
  const bytes = asked.kernels.arrayBytes();
  const own = roles.map((role, i) => (role.array === undefined ? told(asked, role.name, given[i]) : given[i]));
  eachBlock(rows, rowsOf(signature, theta?.batch ?? 1), (first, some) => {
    const after: (() => void)[] = [];
    let next = asked.scratch;
    const slot = (length: number): Pointer => {
      const at = next;
      next += roomFor(length) * bytes;
      return at;
    };
    roles.forEach((role, i) => {
      if (i === rowsAt) own[i] = some;
      else if (role.array !== undefined) own[i] = lent(asked, role, i, first, some, rows, slot, after);
      else if (role.name === "stream") own[i] = streamOf(asked.part, given[i] as Stream, first);
    });
    one(...own);
    for (const then of after) then();
  });
}

/** An argument that is no array of rows, as the part is to have it. */
function told({ kernels, placed, part, theta }: Asked, name: string, given: unknown): unknown {
  if (name === "theta") return thetaOf(placed, part, kernels, given as Theta);
  if (name === "gradient") return (given as Pointer) + part.before * theta!.batch * kernels.arrayBytes();
  if (name === "ready") return (given as Pointer) + readyBefore(placed, part, theta!.batch) * 8;
  return given;
}

/** A key of the part's own; row `first` begins a chunk. */
const streamOf = ({ name }: Placed, { key, site, chunk }: Stream, first: number): Stream => ({ key: key.fold(name), site, chunk: chunk + first / CHUNK });

/** What pairs make ready: f64 numbers of the parts before. */
export const readyBefore = (placed: readonly Placed[], part: Placed | undefined, batch: number): number =>
  placed.slice(0, part === undefined ? undefined : placed.indexOf(part)).reduce((sum, { p }) => sum + (p.antithetic?.prepared(batch) ?? 0), 0);

/** An array of which the part has a share, copied to where it can have it. */
function lent(asked: Asked, role: Role & { readonly access: string }, k: number, first: number, some: number, rows: number, slot: (length: number) => Pointer, after: (() => void)[]): Pointer {
  const { kernels, part, given, theta, signature: { totals, widths, befores } } = asked;
  const [array, bytes, width, total, before] = [given[k] as Pointer, kernels.arrayBytes(), widths[asked.i]![k]!, totals[k]!, befores[asked.i]![k]!];
  if (!inColumns(role) && !(role.array === "sum" && role.access === ">")) return array + first * bytes;
  const room = slot(some * width);
  if (role.array === "sum") after.push(() => kernels.arrayAdd(some, room, array + first * bytes));
  else if (role.array === "terms") termsOf(kernels, part, { first, rows: some, terms: room }, role.access, rows, array + part.before * rows * bytes, after);
  else if (role.array === "curvature") curvatureOf(kernels, part, theta!.batch, widthOfAll(asked), array, room);
  else {
    const at = array + first * total * bytes;
    if (width === 0 || (array === 0 && role.array === "pairs")) return array === 0 ? 0 : room; // nothing, or not to be kept
    const kept = !(role.array === "noise" && given.some((other, j) => j !== k && other === array)); // x itself, where the noise is not wanted
    if (role.access !== ">") kernels.columnsTake(some, total, before, width, at, room);
    if (role.access !== "<" && kept) after.push(() => kernels.columnsPut(some, total, before, width, room, at));
  }
  return room;
}

function termsOf(kernels: Kernels, { p: { params } }: Placed, block: { readonly first: number; readonly rows: number; readonly terms: Pointer }, access: string, rows: number, all: Pointer, after: (() => void)[]): void {
  if (access === "<") return takeTerms(kernels, params, block, rows, all);
  kernels.arrayFill(block.rows * sizeOf(params), 0, block.terms);
  after.push(() => addTerms(kernels, params, 1, block, rows, all));
}

/** Of H, `[width, batch, width]`, what the part has to do with itself. */
function curvatureOf(kernels: Kernels, { p: { dim }, column }: Placed, batch: number, width: number, curvature: Pointer, out: Pointer): void {
  const bytes = kernels.arrayBytes();
  for (let j = 0; j < dim; j++) kernels.columnsTake(batch, width, column, dim, curvature + (column + j) * batch * width * bytes, out + j * batch * dim * bytes);
}

const widthOfAll = ({ placed }: Asked): number => placed.reduce((sum, { p }) => sum + p.dim, 0);
