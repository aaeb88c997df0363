import type { Points, Precision } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import type { KernelModule } from "../core/module.ts";
import type { Field, Region } from "../core/region.ts";
import type { Baseline } from "./baseline.ts";
import type { Distribution, Stream, Theta } from "./distribution.ts";
import type { Integrand } from "./integrand.ts";
import type { Kind } from "./objective.ts";

/**
 * Points per sample. `samples` are always independent replicates; what is coupled (an antithetic pair, a whole support)
 * lives inside one sample.
 */
export interface Plan<Scratch extends string = string> {
  /** Points where only f's value is wanted. */
  readonly value: number;
  /** Points where ∂f/∂x is wanted too. */
  readonly gradient: number;
  /** More points where f's value is wanted: once a problem, for all its samples. 0 unless given. */
  readonly shared?: number;
  /** One more point a problem, where f's value and gradient are wanted once for all samples; with "curvature" its second derivatives too. */
  readonly anchor?: "slope" | "curvature";
  /** Extra arrays by name: numbers a row (a row is one sample of one problem). */
  readonly scratch: Readonly<Record<Scratch, number>>;
  /** There is no noise: the standard error is 0 (enumerate). */
  readonly exact?: boolean;
  /** No sample estimates the objective: its value is NaN, and f may have no parameters of its own. */
  readonly valueless?: boolean;
  /** Samples an estimate needs at least: 2 for leave-one-out. */
  readonly least?: number;
}

/** Points of one kind. x is `[points, samples, batch, dim]`; value and weight are `[points, samples, batch]`. */
export interface Block {
  readonly points: number;
  readonly x: Pointer;
  readonly value: Pointer;
  /** ∂total/∂value, written by `combine`: gives f's own parameters their gradient. */
  readonly weight: Pointer;
}

/** The point that each problem has once: x is `[batch, dim]`, value `[batch]`, gradient `[batch, dim]`. */
export interface Anchor {
  readonly x: Pointer;
  readonly value: Pointer;
  readonly gradient: Pointer;
  /** ∂²f/∂xⱼ∂xₖ, `[dim, batch, dim]`; 0 if not planned. */
  readonly curvature: Pointer;
}

export interface Workspace<Scratch extends string = string> {
  readonly kernels: Kernels;
  /** Bytes of one number: row r of an array of width w starts at `at + r · w · bytes`. */
  readonly bytes: number;
  readonly samples: number;
  readonly batch: number;
  /** samples · batch */
  readonly rows: number;
  readonly dim: number;
  readonly theta: Theta;
  /** θ before it is prepared, packed by name: `[batch, …shape]` each. */
  readonly packed: Pointer;
  /** The parameters of this call, as the user gave them. */
  readonly params: Readonly<Record<string, Points>>;
  readonly hard: Block;
  /** Points that all samples of a problem share: x is `[points, batch, dim]`, the others `[points, batch]`. They lie behind the hard ones. */
  readonly shared: Block;
  readonly soft: Block & { readonly gradient: Pointer };
  /** Written by `propose` where it is planned. */
  readonly anchor?: Anchor;
  /** `[samples, batch]`: each sample's estimate of the objective, written by `combine`; NaN where there is none. */
  readonly total: Pointer;
  readonly at: Readonly<Record<Scratch, Pointer>>;
}

/** A run of samples whose terms are wanted: rows first … first + rows of every `[samples, batch]` array. */
export interface Rows {
  /** The first row; a whole number of samples. */
  readonly first: number;
  readonly rows: number;
}

/** Estimators are told what is bound to them once, when memory is laid out. */
export interface Site {
  readonly region: Region;
  readonly distribution: Distribution;
  /** f; undefined where the points of this estimator are a part of those that f takes. */
  readonly integrand: Integrand | undefined;
  readonly samples: number;
  readonly batch: number;
  /** Draws in one sample of an importance bound; 1 in an expectation. */
  readonly particles: number;
  /** Whether the problems of a batch share their parameters through a network, so that what is learned of one serves all. */
  readonly amortised: boolean;
  /**
   * Samples come in sets of so many that are not independent of each other, where there are such: sample i is of set
   * i mod (samples / setsOf).
   */
  readonly setsOf?: number;
  context(name: string, width: number): Field;
  /** Numbers that live on from estimate to estimate: they are what `grad.state` saves. */
  remember(name: string, length: number, precision?: Precision): Field;
}

/** A definition bound to its site. */
export interface Bound<Scratch extends string = string> {
  /** Writes points and scratch, nothing else: may be repeated or abandoned. */
  readonly propose: (work: Workspace<Scratch>, draw: (site: number) => Stream) => void;
  /** Writes total, weight and scratch. Reads state, never writes it. */
  readonly combine: (work: Workspace<Scratch>) => void;
  /** Adds the terms of the given rows, whose mean is the gradient. `terms` is packed by parameter: `[rows, …shape]` each. */
  readonly terms: (work: Workspace<Scratch>, rows: Rows, terms: Pointer) => void;
  /** A short cut past `terms`: writes the mean and the squared deviations of all terms. */
  readonly accumulate?: (work: Workspace<Scratch>, mean: Pointer, squares: Pointer) => void;
  /** After the moments: adds to the squared deviations what terms that know of each other leave out of them. */
  readonly spread?: (work: Workspace<Scratch>, squares: Pointer) => void;
  /** Last, after the estimate was checked and copied out: the only writer of state. */
  readonly learn?: (work: Workspace<Scratch>) => void;
  /** Sets what is remembered to its beginning, once memory is there. */
  readonly begin?: () => void;
}

declare const requires: unique symbol;

/** Where to evaluate f, and how to combine the values. D, F and K say what it asks of the distribution, of f and of the objective. */
export interface Estimator<in D = never, in F = never, in K extends Kind = "expectation"> {
  readonly name: string;
  /** Whether the expectation of the estimate is the gradient, for every f it accepts. */
  readonly unbiased: boolean;
  readonly [requires]?: (distribution: D, integrand: F, kind: K) => void;
}

/** An estimator whose expectation is not the gradient, and whose type says so. */
export type Biased<E extends Estimator<never, never, never>> = E & { readonly unbiased: false };

/** What of an estimate is biased: E[f] itself, the gradient with respect to θ (to that of one part of a joint family), to f's own parameters. */
export type EstimatePart = "value" | "distribution" | "integrand" | `distribution ${string}`;

/** How an estimator serves one draw of a program. */
interface DrawRules {
  /** `controlled`: it has a control variate, which a draw cannot have. */
  readonly score: { readonly kind: "score"; readonly baseline: Baseline; readonly controlled: boolean };
  readonly pathwise: { readonly kind: "pathwise" };
  readonly disarm: { readonly kind: "disarm" };
  readonly enumerate: { readonly kind: "enumerate"; readonly budget: number | undefined };
}

export type DrawRule = DrawRules[keyof DrawRules];

/** An estimator that a draw of a program may name: `draw.bernoulli(p, disarm())`. */
export interface ForDraws<K extends keyof DrawRules = keyof DrawRules> {
  readonly onDraws: DrawRules[K];
}

export interface Definition<D, F, Scratch extends string> {
  readonly name: string;
  readonly unbiased: boolean;
  /** The objective it is made for; the expectation unless given. */
  readonly kind?: Kind;
  /** The same word's definition for an importance bound. */
  readonly bound?: Definition<never, never, string>;
  /** Where its kernels are, besides the core. */
  readonly modules?: readonly KernelModule[];
  /** What is biased, where not all is unbiased; "distribution" at least. */
  readonly biased?: readonly EstimatePart[];
  /** Properties the distribution must have, for those who have no compiler: `["path"]`. */
  readonly distribution: readonly string[];
  /** Properties that do as well. */
  readonly instead?: readonly string[];
  /** Properties f must have: `["differentiable"]`. */
  readonly integrand: readonly string[];
  readonly plan: (p: D & Distribution, samples: number, of: { readonly particles: number; readonly integrand: Integrand | undefined }) => Plan<Scratch>;
  /** More functions evaluated at the hard points: their values are the scratch array "auxiliary", one function after the other. */
  readonly auxiliary?: readonly Integrand[];
  readonly bind: (p: D & Distribution, site: Site) => Bound<Scratch>;
  readonly accepts?: (f: F) => void;
  /** What it is to a single draw of a program. */
  readonly onDraws?: DrawRule;
}

/** A definition as the value that users hold. */
export function estimator<D, F, Scratch extends string, K extends Kind = "expectation">(definition: Definition<D, F, Scratch>): Estimator<D, F, K> {
  return Object.freeze(definition) as Estimator<D, F, K>;
}

/** A biased definition as the value that users hold: its type says that it is. */
export function biasedEstimator<D, F, Scratch extends string>(definition: Definition<D, F, Scratch> & { readonly unbiased: false; readonly biased: readonly EstimatePart[] }): Biased<Estimator<D, F>> {
  return Object.freeze(definition) as Biased<Estimator<D, F>>;
}
