import type { Kernels, Pointer } from "../core/kernels.ts";
import { has, wrongKind } from "../errors.ts";
import { type Distribution, type Invertible, type Path, sizeOf, type Stream, type Theta } from "../vocabulary/distribution.ts";
import type { Bound, Definition, Site, Workspace } from "../vocabulary/estimator.ts";
import type { Noise } from "../vocabulary/noise.ts";

/** The estimator as it is, or drawing from point sets where `noise` is given. */
export function withNoise<D, F, S extends string>(caller: string, own: Definition<D, F, S>, noise: Noise | undefined): Definition<D & Invertible, F, string> {
  if (noise === undefined) return own as Definition<D & Invertible, F, string>;
  if (!has("bind", noise) || typeof noise.points !== "number") throw wrongKind(caller, "noise", "sobol(…), halton(…), stratified(…) or antithetic()", noise);
  return overPointSets(own, noise);
}

/**
 * An estimator whose draws come from point sets: one set is one sample, so that samples stay independent and their spread an honest
 * standard error. Sample i of the estimator inside belongs to set i mod samples.
 *
 * For estimators that draw by the family's `sample` or `path` alone.
 */
function overPointSets<D, F, S extends string>(inner: Definition<D, F, S>, noise: Noise): Definition<D & Invertible, F, S | "pointTotal"> {
  const { points } = noise;
  return {
    ...inner,
    distribution: [...inner.distribution, "quantile"],
    plan: (p, samples, of) => {
      const own = inner.plan(p, samples * points, of);
      const scratch = Object.fromEntries(Object.entries<number>(own.scratch).map(([name, width]) => [name, width * points]));
      return { ...own, value: own.value * points, gradient: own.gradient * points, scratch: { ...scratch, pointTotal: points } as Readonly<Record<S | "pointTotal", number>> };
    },
    bind: (p, site) => bind(inner, noise, p, site),
  };
}

function bind<D, F, S extends string>(inner: Definition<D, F, S>, noise: Noise, p: D & Invertible & Distribution, site: Site): Bound<S | "pointTotal"> {
  const { points } = noise;
  const { region, samples, batch } = site;
  const sets = noise.bind({ region, sets: samples * batch, dims: p.quantile.uniforms });
  const uniform = region.reserve(points * samples * batch * p.quantile.uniforms);
  const own = region.reserve(samples * batch * sizeOf(p.params));
  let last: Stream | undefined;
  /** The uniforms of a stream, made once for all θ that are drawn at by it. */
  const uniformsOf = (kernels: Kernels, stream: Stream): Pointer => {
    const { low, high } = stream.key;
    if (last === undefined || last.key.low !== low || last.key.high !== high || last.site !== stream.site) sets.fill(kernels, stream, uniform.at);
    last = stream;
    return uniform.at;
  };
  const bound = inner.bind(inverted(p, uniformsOf), { ...site, samples: samples * points, setsOf: points });
  /** The same memory, as the estimator inside sees it: every point of a set a sample. */
  const within = (work: Workspace<S | "pointTotal">): Workspace<S> => ({
    ...work,
    samples: work.samples * points,
    rows: work.rows * points,
    hard: { ...work.hard, points: work.hard.points / points },
    soft: { ...work.soft, points: work.soft.points / points },
    total: work.at.pointTotal,
  });
  return {
    propose: (work, draw) => bound.propose(within(work), draw),
    combine(work) {
      bound.combine(within(work));
      const { kernels, rows, hard, soft, total, at, bytes } = work;
      kernels.arrayFill(rows, 0, total);
      for (let i = 0; i < points; i++) kernels.arrayAdd(rows, at.pointTotal + i * rows * bytes, total);
      kernels.arrayScale(rows, 1 / points, total);
      kernels.arrayScale(hard.points * rows, 1 / points, hard.weight);
      kernels.arrayScale(soft.points * rows, 1 / points, soft.weight);
    },
    terms(work, { first, rows }, terms) {
      const { kernels } = work;
      const inside = within(work);
      const length = rows * sizeOf(p.params);
      kernels.arrayFill(length, 0, own.at);
      for (let i = 0; i < points; i++) bound.terms(inside, { first: i * work.rows + first, rows }, own.at);
      kernels.arrayScale(length, 1 / points, own.at);
      kernels.arrayAdd(length, own.at, terms);
    },
    ...(bound.learn && { learn: (work) => bound.learn!(within(work)) }),
    begin() {
      sets.begin?.();
      bound.begin?.();
    },
  };
}

/** The family with draws made of uniforms that `next` gives. */
function inverted<D>(p: D & Invertible & Distribution, next: (kernels: Kernels, stream: Stream) => Pointer): D & Distribution {
  const path = (p as { readonly path?: Path }).path;
  return {
    ...p,
    sample: (kernels, stream, rows, theta: Theta, x) => p.quantile.draw(kernels, rows, theta, next(kernels, stream), x, x),
    ...(path && { path: { ...path, draw: (kernels, stream, rows, theta, kept, x) => p.quantile.draw(kernels, rows, theta, next(kernels, stream), kept, x) } satisfies Path }),
  };
}
