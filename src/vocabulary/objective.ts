import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Region } from "../core/region.ts";
import type { Theta } from "./distribution.ts";

/** A noiseless term with its gradient (a KL to a prior, an entropy). It enters no standard error. */
export interface Exact<in D> {
  /** Reserves what the term needs; the result adds sign · value and sign · gradient, once an estimate. */
  readonly bind: (p: D, site: ExactSite) => ExactTerm;
}

export interface ExactSite {
  readonly region: Region;
  readonly batch: number;
  readonly caller: string;
}

export interface ExactTerm {
  /** Fills in constants once the region is allocated. */
  readonly begin: (kernels: Kernels) => void;
  /** value is `[batch]`; gradient is packed by parameter, `[batch, …shape]`. */
  readonly add: (kernels: Kernels, theta: Theta, sign: number, value: Pointer, gradient: Pointer) => void;
}

export type Kind = "expectation" | "importance-bound";

/** What an estimator is made for. D and F are of the family and of f, K says what of them is wanted. */
export interface Objective<D, F, K extends Kind = Kind> {
  readonly kind: K;
  readonly distribution: D;
  readonly integrand: F;
}

/** E_{x ~ p(θ)}[f(x)] plus noiseless terms. */
export interface Expectation<D, F> extends Objective<D, F, "expectation"> {
  readonly exact: readonly { readonly sign: 1 | -1; readonly term: Exact<D> }[];
}

/** E[log 1/K Σₖ exp(f(xₖ) − log q(xₖ; θ))] over K independent draws: f is log p(data, x). */
export interface ImportanceBound<D, F> extends Objective<D, F, "importance-bound"> {
  /** K */
  readonly particles: number;
}
