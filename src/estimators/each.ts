import type { Composite } from "../distributions/joint.ts";
import { type Placed, placements, thetaOf } from "../distributions/parts.ts";
import { has, listed, wordOf, wrongKind } from "../errors.ts";
import type { Distribution } from "../vocabulary/distribution.ts";
import { type Block, type Bound, type Definition, type Estimator, estimator, type Plan, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";

type Estimators = Readonly<Record<string, Estimator<never, never>>>;
type FamilyFor<E> = E extends Estimator<infer D, infer _> ? D & Distribution : never;
type IntegrandFor<E extends Estimators> = (E[keyof E] extends infer One ? (One extends Estimator<infer _, infer F> ? (f: F) => void : never) : never) extends (f: infer All) => void ? All : never;

/** What the estimator of each part asks of that part. */
export type EachPart<E extends Estimators> = Distribution & Composite<{ readonly [N in keyof E]: FamilyFor<E[N]> }>;

type AnyDefinition = Definition<object, object, string>;

/**
 * For each part of a `joint` family its own estimator: `each({ z: disarm(), w: pathwise() })`.
 *
 * Each estimator has its part's points to itself, the other parts drawn once for each sample, so the gradient with respect to a part's
 * parameters is what that estimator gives for E[f | the others]: unbiased if all are. f is evaluated as often as all of them together ask.
 * An exact sum (`enumerate`) cannot be one of them, nor can an estimator with a control variate.
 *
 * *Requirements*: of each part what its estimator asks; of f what all of them ask.
 *
 * @param estimators  by the names of the parts, one for each
 */
export function each<const E extends Estimators>(estimators: E): Estimator<EachPart<E>, IntegrandFor<E> & Integrand> {
  const definitions = Object.entries(estimators ?? {}) as unknown as readonly (readonly [string, AnyDefinition])[];
  if (definitions.length === 0) throw wrongKind("each", "estimators", "estimators by part, such as { z: disarm(), w: pathwise() }", estimators);
  for (const [name, by] of definitions) {
    if (!has("plan", by)) throw wrongKind("each", `estimators.${name}`, "an estimator", by);
    if (by.kind === "importance-bound") throw new TypeError(`each: ${wordOf(by.name)} of ${name} estimates importanceBound(…). Take an estimator of an expectation.`);
    if ((by.auxiliary?.length ?? 0) > 0) throw new TypeError(`each: ${wordOf(by.name)} of ${name} has a control variate. Leave it out, or estimate ${name} alone.`);
  }
  const made = estimator<Composite & Distribution, Integrand, string>({
    name: "each",
    unbiased: definitions.every(([, { unbiased }]) => unbiased),
    biased: definitions.flatMap(([name, { biased = [] }]) => biased.map((part) => (part === "distribution" ? (`distribution ${name}` as const) : part))),
    modules: [...new Set(definitions.flatMap(([, { modules = [] }]) => modules))],
    distribution: ["parts"],
    integrand: [...new Set(definitions.flatMap(([, { integrand }]) => integrand))],
    plan: (p, samples) => planned(chosen(p, definitions, samples)),
    bind: (p, site) => bound(chosen(p, definitions, site.samples), site),
  });
  return made as unknown as Estimator<EachPart<E>, IntegrandFor<E> & Integrand>;
}

/** A part with its estimator, and where its points begin among those of all. */
interface Chosen extends Placed {
  readonly by: AnyDefinition;
  readonly plan: Plan;
  readonly value: number;
  readonly gradient: number;
}

function chosen({ parts }: Composite, definitions: readonly (readonly [string, AnyDefinition])[], samples: number): readonly Chosen[] {
  const names = definitions.map(([name]) => name);
  const known = Object.keys(parts);
  const missing = known.find((name) => !names.includes(name)) ?? names.find((name) => !known.includes(name));
  if (missing !== undefined) throw wrongKind("each", `estimators.${missing}`, `an estimator for each of ${listed(known)}, and no other`, names.includes(missing) ? "one" : undefined);
  let [value, gradient] = [0, 0];
  return placements(parts).map((placed) => {
    const by = definitions.find(([name]) => name === placed.name)![1];
    for (const property of by.distribution) {
      if ((placed.p as unknown as Record<string, unknown>)[property] === undefined) throw new TypeError(`${wordOf(by.name)}: ${placed.p.name} has no ${property}. Use another estimator there.`);
    }
    const plan = by.plan(placed.p, samples, { particles: 1, integrand: undefined });
    if (plan.exact) throw new TypeError(`each: ${wordOf(by.name)} of ${placed.name} is an exact sum. Use scoreFunction() or disarm() there, or enumerate() for all.`);
    if (plan.anchor !== undefined) throw new TypeError(`each: ${wordOf(by.name)} of ${placed.name} expands f about the mean of all of x. Take it for all, or another estimator there.`);
    if (plan.valueless) throw new TypeError(`each: ${wordOf(by.name)} of ${placed.name} leaves the objective without a value. Give it its base point.`);
    const one = { ...placed, by, plan, value, gradient };
    value += plan.value;
    gradient += plan.gradient;
    return one;
  });
}

/** Points and scratch of all parts; each part's points, its others' draws and its totals are scratch of its own. */
function planned(all: readonly Chosen[]): Plan {
  const scratch: Record<string, number> = {};
  for (const { name, p, plan } of all) {
    for (const [own, width] of Object.entries(plan.scratch)) scratch[`${name}.${own}`] = width as number;
    for (const [kind, points] of [["hard", plan.value], ["soft", plan.gradient]] as const) Object.assign(scratch, { [`${name} ${kind}`]: points * p.dim, [`${name} ${kind} weight`]: points });
    Object.assign(scratch, { [`${name} gradient`]: plan.gradient * p.dim, [`${name} home`]: p.dim, [`${name} total`]: 1 });
  }
  const sum = (of: (one: Chosen) => number): number => all.reduce((total, one) => total + of(one), 0);
  return { value: sum(({ plan }) => plan.value), gradient: sum(({ plan }) => plan.gradient), scratch, least: Math.max(...all.map(({ plan }) => plan.least ?? 1)) };
}

/** The workspace as one part sees it: its own columns, its share of the points. */
function shareOf(all: readonly Chosen[], one: Chosen, work: Workspace): Workspace {
  const { name, p, plan } = one;
  const { kernels, rows, bytes, at, params } = work;
  const block = (kind: "hard" | "soft", points: number, before: number): Block => ({ points, x: at[`${name} ${kind}`]!, value: work[kind].value + before * rows * bytes, weight: at[`${name} ${kind} weight`]! });
  return {
    ...work,
    dim: p.dim,
    theta: thetaOf(all, one, kernels, work.theta),
    packed: work.packed + one.before * work.batch * bytes,
    params: Object.fromEntries(Object.keys(p.params).flatMap((own) => (params[`${name}.${own}`] === undefined ? [] : [[own, params[`${name}.${own}`]!]]))),
    hard: block("hard", plan.value, one.value),
    soft: { ...block("soft", plan.gradient, one.gradient), gradient: at[`${name} gradient`]! },
    total: at[`${name} total`]!,
    at: Object.fromEntries(Object.keys(plan.scratch).map((own) => [own, at[`${name}.${own}`]!])),
  };
}

function bound(all: readonly Chosen[], site: Site): Bound {
  const bounds = all.map(({ name, p, by }) => by.bind(p, { ...site, distribution: p, integrand: undefined, remember: (own, length, precision) => site.remember(`${name}.${own}`, length, precision) }));
  let shares: readonly Workspace[] = [];
  return {
    propose: (work, draw) => {
      shares = all.map((one) => shareOf(all, one, work));
      all.forEach(({ name, p }, i) => {
        const stream = (of: number, use: string) => ({ ...draw(of), key: draw(of).key.fold(`${name} ${use}`) });
        bounds[i]!.propose(shares[i]!, (of) => stream(of, "points"));
        p.sample(work.kernels, stream(0, "home"), work.rows, shares[i]!.theta, work.at[`${name} home`]!);
      });
      for (const [i, one] of all.entries()) {
        place(all, one, work, work.hard, one.value, shares[i]!.hard);
        place(all, one, work, work.soft, one.gradient, shares[i]!.soft);
      }
    },
    combine: (work) => {
      for (const [i, { p, column, plan, gradient }] of all.entries()) {
        const { kernels, rows, dim, bytes, soft } = work;
        kernels.columnsTake(plan.gradient * rows, dim, column, p.dim, soft.gradient + gradient * rows * dim * bytes, shares[i]!.soft.gradient);
        bounds[i]!.combine(shares[i]!);
      }
      averaged(all, shares, work);
    },
    terms: (work, rows, terms) => all.forEach(({ before }, i) => bounds[i]!.terms(shares[i]!, rows, terms + before * rows.rows * work.bytes)),
    spread: (work, squares) => all.forEach(({ before }, i) => bounds[i]!.spread?.(shares[i]!, squares + before * work.batch * work.bytes)),
    learn: () => bounds.forEach((one, i) => one.learn?.(shares[i]!)),
    begin: () => bounds.forEach((one) => one.begin?.()),
  };
}

/** A part's points among those of all: its own columns as it proposed them, the others' as they were drawn. */
function place(all: readonly Chosen[], one: Chosen, { kernels, rows, dim, bytes, at }: Workspace, block: Block, before: number, own: Block): void {
  for (let point = 0; point < own.points; point++) {
    const x = block.x + (before + point) * rows * dim * bytes;
    for (const other of all) {
      const source = other === one ? own.x + point * rows * one.p.dim * bytes : at[`${other.name} home`]!;
      kernels.columnsPut(rows, dim, other.column, other.p.dim, source, x);
    }
  }
}

/** The objective is the mean of what the parts have for it, of those that have anything; so are the weights of the points. */
function averaged(all: readonly Chosen[], shares: readonly Workspace[], { kernels, rows, bytes, hard, soft, total }: Workspace): void {
  const known = shares.map((share) => kernels.statisticsFirstNotFinite(rows, share.total) < 0);
  const share = 1 / Math.max(1, known.filter(Boolean).length);
  kernels.arrayFill(rows, known.includes(true) ? 0 : Number.NaN, total);
  for (const [i, { plan, value, gradient }] of all.entries()) {
    const own = shares[i]!;
    for (const [points, before, weight, into] of [[plan.value, value, own.hard.weight, hard.weight], [plan.gradient, gradient, own.soft.weight, soft.weight]] as const) {
      kernels.arrayScale(points * rows, known[i] ? share : 0, weight);
      kernels.arrayCopy(points * rows, weight, into + before * rows * bytes);
    }
    if (!known[i]) continue;
    kernels.arrayScale(rows, share, own.total);
    kernels.arrayAdd(rows, own.total, total);
  }
}
