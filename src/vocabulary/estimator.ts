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
  /** Extra arrays by name: numbers a row (a row is one sample of one problem). */
  readonly scratch: Readonly<Record<Scratch, number>>;
  /** There is no noise: the standard error is 0 (enumerate). */
  readonly exact?: boolean;
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
  /** The parameters of this call, as the user gave them. */
  readonly params: Readonly<Record<string, Points>>;
  readonly hard: Block;
  readonly soft: Block & { readonly gradient: Pointer };
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
  readonly samples: number;
  readonly batch: number;
  /** Whether the problems of a batch share their parameters through a network, so that what is learned of one serves all. */
  readonly amortised: boolean;
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
  /** Where its kernels are, besides the core. */
  readonly modules?: readonly KernelModule[];
  /** Properties the distribution must have, for those who have no compiler: `["path"]`. */
  readonly distribution: readonly string[];
  /** Properties f must have: `["differentiable"]`. */
  readonly integrand: readonly string[];
  /** What to use instead where one is missing. */
  readonly cure: string;
  readonly plan: (p: D & Distribution, samples: number) => Plan<Scratch>;
  /** A second function evaluated at the hard points: its values are the scratch array "auxiliary", one number a value point. */
  readonly auxiliary?: Integrand;
  readonly bind: (p: D & Distribution, site: Site) => Bound<Scratch>;
  readonly accepts?: (f: F) => void;
  /** What it is to a single draw of a program. */
  readonly onDraws?: DrawRule;
}

/** A definition as the value that users hold. */
export function estimator<D, F, Scratch extends string>(definition: Definition<D, F, Scratch>): Estimator<D, F> {
  return Object.freeze(definition) as Estimator<D, F>;
}
