import type { Core } from "../core/core.ts";
import type { Gradient } from "../estimate.ts";
import { gradientOn } from "../gradient.ts";
import type { Key } from "../key.ts";
import type { Shapes, Values } from "../vocabulary/distribution.ts";
import type { Integrand, Lanes } from "../vocabulary/integrand.ts";
import type { Expectation, ImportanceBound } from "../vocabulary/objective.ts";
import { type Rule, weighedSum } from "./weighed-sum.ts";

/**
 * How the true gradient is found: a sum over the support, an integral by nodes and weights, or differences of the objective under common
 * random numbers.
 */
export type Against = "enumeration" | "quadrature" | "differences";

export type Gradients = Readonly<Record<string, Float64Array>>;

/** A gradient to compare with, by parameter name; `error` is how far it may be off: a standard error of differences, a bound of rules. */
export interface Reference {
  readonly against: Against;
  readonly gradient: Gradients;
  readonly error: Gradients;
  readonly evaluations: number;
}

/** Everything about a case that is to be certified. */
export interface Subject {
  readonly objective: Expectation<object, Integrand> | ImportanceBound<object, Integrand>;
  readonly params: Values<Shapes, Float64Array>;
  readonly batch: number;
  readonly context: Lanes["context"] | undefined;
}

/** What a reference may use. */
export interface Asking {
  readonly core: Core;
  readonly key: Key;
  readonly samples: number;
  readonly rounds: number;
  readonly step: number;
  /** The most points of one rule, over all particles and problems. */
  readonly points: number;
}

type Any = Gradient<Shapes, Shapes, Float64Array>;

export function bound(core: Core, { objective, batch }: Subject, by: object, samples: number): Any {
  return gradientOn(core, objective as never, by as never, { samples, batch }) as unknown as Any;
}

/** The gradient and the objective itself as one weighed sum. */
export function sumOver(rule: Rule, subject: Subject, { core, key }: Pick<Asking, "core" | "key">): { readonly gradient: Gradients; readonly value: Float64Array; readonly evaluations: number } {
  const { params, context } = subject;
  const grad = bound(core, subject, weighedSum(rule), 1);
  try {
    const { gradient, value, evaluations } = grad.estimate(params, key, { ...(context && { context }) });
    return { gradient: gradient as Gradients, value, evaluations: evaluations.value };
  } finally {
    grad.dispose();
  }
}

/** The mean of some independent numbers, and its standard error. */
export function spread(numbers: readonly number[]): { readonly mean: number; readonly error: number } {
  const n = numbers.length;
  const mean = numbers.reduce((total, x) => total + x / n, 0);
  const squares = numbers.reduce((total, x) => total + (x - mean) * (x - mean), 0);
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}

export function mapped<V, W>(record: Readonly<Record<string, V>>, map: (value: V, name: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
