import type { Core, Points } from "./core/core.ts";
import { integer, onlyOptions } from "./errors.ts";
import { entropy, kl } from "./exact.ts";
import { copied, family, withTheta } from "./sample.ts";
import { type Averaged, type Circular, type Distribution, type Divergent, type Domain, type Entropic, type Shapes, sizeOf, type Values } from "./vocabulary/distribution.ts";
import type { Exact, ExactTerm } from "./vocabulary/objective.ts";

export interface BatchOptions {
  /** Independent problems, each with its own parameters; 1 unless given. */
  readonly batch?: number;
}

/**
 * E[x] of p(θ) in closed form: `[batch, dim]`, in the precision of the parameters; ∞ where it diverges, NaN where it does not exist. Of angles
 * (`vonMises`) the mean direction, within (−π, π].
 *
 * *Requirements*: a distribution with `moments`, or with those of a circle.
 *
 * @throws {TypeError} if p has no `moments`, or the parameters are not all Float64Array or all Float32Array
 * @throws {RangeError} if a length or a parameter is outside its domain
 */
export function meanOn<S extends Shapes, A extends Points>(core: Core, p: Distribution<S> & (Averaged | Circular), params: Values<S, A>, options: BatchOptions = {}): A {
  return momentsOn(core, "mean", p, params, options).mean;
}

/**
 * The variance of each coordinate of x ~ p(θ) in closed form: `[batch, dim]`, as `mean`. Of angles (`vonMises`) the circular variance, 1 less the
 * length of E[exp(i x)]: from 0 to 1.
 *
 * *Requirements*: a distribution with `moments`, or with those of a circle.
 *
 * @throws {TypeError} if p has no `moments`, or the parameters are not all Float64Array or all Float32Array
 * @throws {RangeError} if a length or a parameter is outside its domain
 */
export function varianceOn<S extends Shapes, A extends Points>(core: Core, p: Distribution<S> & (Averaged | Circular), params: Values<S, A>, options: BatchOptions = {}): A {
  return momentsOn(core, "variance", p, params, options).variance;
}

function momentsOn<S extends Shapes, A extends Points>(core: Core, caller: string, p: Distribution<S> & (Averaged | Circular), params: Values<S, A>, options: BatchOptions): { readonly mean: A; readonly variance: A } {
  const onCircle = (p as Partial<Circular>)?.circular;
  if (onCircle === undefined) family(caller, p, "moments");
  const batch = batchOf(caller, options);
  return withTheta(core, caller, p, params, batch, [batch * p.dim, batch * p.dim], ([mean, variance], { theta }, precision, block) => {
    (onCircle ?? (p as Averaged).moments)(block.core.kernels[precision], theta, mean!.at, variance!.at);
    return { mean: copied(mean!, precision) as A, variance: copied(variance!, precision) as A };
  });
}

/**
 * The entropy of p(θ) in nats: `[batch]`. What `entropy()` adds to an objective, as numbers.
 *
 * *Requirements*: a distribution with `entropy`.
 *
 * @throws {TypeError} if p has no `entropy`, or the parameters are not all Float64Array or all Float32Array
 * @throws {RangeError} if a length or a parameter is outside its domain
 */
export function entropyOfOn<S extends Shapes, A extends Points>(core: Core, p: Distribution<S> & Entropic, params: Values<S, A>, options: BatchOptions = {}): A {
  return valueOn(core, "entropyOf", p, "entropy", entropy() as Exact<unknown>, params, options);
}

/**
 * KL(p(θ) ‖ prior) in nats, the prior from the same family: `[batch]`. What `kl(prior)` adds to an objective, as numbers.
 *
 * *Requirements*: a distribution with `divergence`.
 *
 * @param prior  its parameters, by the family's names: one set `[…shape]` for all problems, or `[batch, …shape]`; any precision
 * @throws {TypeError} if p has no `divergence`, or the parameters are not all Float64Array or all Float32Array
 * @throws {RangeError} if a length or a parameter is outside its domain
 */
export function klOfOn<S extends Shapes, A extends Points>(
  core: Core,
  p: Distribution<S> & Pick<Divergent, "divergence"> & { readonly domains: Readonly<Record<keyof S & string, Domain>> },
  params: Values<S, A>,
  prior: Values<S>,
  options: BatchOptions = {},
): A {
  return valueOn(core, "klOf", p, "divergence", kl(prior as Readonly<Record<string, Points>>) as Exact<unknown>, params, options);
}

/** The value of one exact term, and not its gradient. */
function valueOn<S extends Shapes, A extends Points>(core: Core, caller: string, p: Distribution<S>, capability: string, term: Exact<unknown>, params: Values<S, A>, options: BatchOptions): A {
  family(caller, p, capability);
  const batch = batchOf(caller, options);
  let bound: ExactTerm | undefined;
  return withTheta(core, caller, p, params, batch, [batch, batch * sizeOf(p.params)], ([value, gradient], { theta }, precision, block) => {
    const kernels = block.core.kernels[precision];
    bound!.begin(kernels);
    bound!.add(kernels, theta, 1, value!.at, gradient!.at);
    return copied(value!, precision) as A;
  }, (region) => (bound = term.bind(p, { region, batch, caller })));
}

function batchOf(caller: string, options: BatchOptions): number {
  onlyOptions(caller, options, ["batch"]);
  return integer(caller, "batch", options.batch ?? 1);
}
