import type { Points } from "../core/core.ts";
import { has, wrongKind } from "../errors.ts";
import type { Distribution, Domain, Measurable, Separable, Variable } from "../vocabulary/distribution.ts";
import { type Columns, columnsOf, type Parts, type Placed, placements, readyBefore, thetaOf } from "./parts.ts";
import { product } from "./product.ts";
import { type Able, composed, type Kept, type Trace } from "./signatures.ts";

/** The parameters of the parts: those of z are "z.logits", … */
export type JointParameters<P extends Parts> = {
  readonly [K in { [N in keyof P & string]: `${N}.${keyof P[N]["params"] & string}` }[keyof P & string]]: K extends `${infer N}.${infer M}` ? P[N]["params"][M] : never;
};

/** What all parts can do. Sets of flips that avoid one another are drawn by `each`, part by part. */
type Common<P extends Parts> = { [K in Exclude<Kept, "mutual" | "variable">]: P[keyof P] extends { readonly [Property in K]: unknown } ? K : never }[Exclude<Kept, "mutual" | "variable">];

/** A variable of one part can be counted through whatever the others are. */
type Variables<P extends Parts> = Extract<P[keyof P], Separable> extends never ? unknown : Pick<Separable, "variable">;

/** Independent parts drawn together; it can do what all of them can. */
export type Joint<P extends Parts> = Distribution<JointParameters<P>> & Pick<Required<Able>, Common<P>> & Variables<P> & Composite<P>;

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
  const all = (property: keyof Able): boolean => placed.every(({ p }) => p[property] !== undefined);
  const dim = placed.reduce((sum, { p }) => sum + p.dim, 0);
  const columns = columnsOf(placed);
  const made = {
    name: `joint ${placed.map(({ p }) => p.name).join(" ")}`,
    parts,
    modules: [...new Set(placed.flatMap(({ p }) => p.modules ?? []))],
    dim,
    params: Object.fromEntries(placed.flatMap(({ name, p }) => Object.entries(p.params).map(([own, shape]) => [`${name}.${own}`, shape]))),
    domains: Object.fromEntries(placed.flatMap(({ name, p }) => Object.entries(p.domains).map(([own, domain]): [string, Domain] => [`${name}.${own}`, domain as Domain]))),
    verify: (params, batch) => complaint(placed, params, batch),
    prepared: columns.room,
    prepare: (kernels, params, theta) => {
      for (const part of placed) part.p.prepare(kernels, params + part.before * theta.batch * kernels.arrayBytes(), thetaOf(placed, part, kernels, theta));
    },
    ...together(placed, columns),
    sameInPrior: placed.flatMap(({ name, p }) => (p.sameInPrior ?? []).map((own) => `${name}.${own}`)),
    ...(all("weak") && { weak: weakOfParts(placed, columns) }),
    ...(all("support") && { support: product(placed.map(({ p, column }) => ({ support: p.support!, column })), dim) }),
    ...(placed.some(({ p }) => p.variable) && { variable: (column) => variableOf(placed, column) }),
  } as Able;
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

/** What is forwarded by its arguments alone. */
function together(placed: readonly Placed[], columns: Columns): Partial<Able> {
  const { mutual: _, ...made } = composed(placed.map(({ p }) => p), {
    width: (each) => each.reduce((sum, own) => sum + own, 0),
    call: (roles, each) => (roles[0]!.array === undefined && roles[0]!.name === "batch" ? (batch) => readyBefore(placed, undefined, batch as number) : columns.call(roles, each)),
    trace: (each) => traced(placed, each),
  });
  return made;
}

/** Each part's relaxation on its own stretch of the latent. */
function traced(placed: readonly Placed[], each: readonly Trace[]): Trace {
  return (z, temperature) => {
    let from = 0;
    const [first, ...others] = placed.map(({ p }, i) => each[i]!(z.slice(from, (from += p.relaxation!.dim)), temperature));
    return first!.concatenate(...others);
  };
}

/** ∂p/∂θₑ concerns the part that has θₑ: the others stay as they were drawn. */
function weakOfParts(placed: readonly Placed[], columns: Columns): Measurable["weak"] {
  const dim = placed.reduce((sum, { p }) => sum + p.dim, 0);
  const owner = (entry: number): Placed => placed.findLast(({ before }) => before <= entry)!;
  const words = ["kernels", "stream", "rows", "theta", "entry", "coupling"].map((name) => ({ array: undefined, name }));
  const [read, added] = [{ array: "x", access: "<" }, { array: "x", access: "+" }] as const;
  const draw = columns.call([...words, read, added, added, { array: "number", access: ">" }], placed.map(({ p, before }) => (...[kernels, stream, rows, theta, entry, ...rest]) =>
    p.weak!.draw(...([kernels, stream, rows, theta, (entry as number) - before, ...rest] as unknown as Parameters<Measurable["weak"]["draw"]>))), (given) => owner(given[4] as number));
  return {
    draw(kernels, stream, rows, theta, entry, coupling, x, plus, minus, constant) {
      for (const points of [plus, minus]) kernels.arrayCopy(rows * dim, x, points);
      draw(kernels, stream, rows, theta, entry, coupling, x, plus, minus, constant);
    },
  };
}

/** The variable of the part that the column is of. */
function variableOf(placed: readonly Placed[], column: number): Variable | undefined {
  const part = placed.find(({ p, column: first }) => column >= first && column < first + p.dim);
  const own = part?.p.variable?.(column - part.column);
  if (part === undefined || own === undefined) return undefined;
  return { ...own, column: own.column + part.column, logProb: (kernels, theta, room, logProb) => own.logProb(kernels, thetaOf(placed, part, kernels, theta), room, logProb) };
}
