import type { ArrayOf, Core, Precision } from "./core/core.ts";
import { cureFor, cureOf } from "./cures.ts";
import { driver } from "./driver/driver.ts";
import { gradientOf } from "./driver/handle.ts";
import type { AnyDefinition, AnyObjective } from "./driver/layout.ts";
import { has, integer, onlyOptions, wordOf, wrongKind, wrongValue } from "./errors.ts";
import type { Gradient } from "./estimate.ts";
import type { ShapesOf } from "./vocabulary/distribution.ts";
import type { Estimator } from "./vocabulary/estimator.ts";
import type { Kind, Objective } from "./vocabulary/objective.ts";

/** Shapes of the parameters a family is really sampled with: a network's output where there is one. */
export type ThetaOf<D> = D extends { readonly family: infer Family } ? ShapesOf<Family> : ShapesOf<D>;

export interface GradientOptions<P extends Precision = Precision> {
  /** Independent replicates in one estimate. An exact sum takes none, and does not look at it. */
  readonly samples: number;
  /** Independent problems side by side, each with its own parameters and context; 1 unless given. */
  readonly batch?: number;
  /** "f64" unless given. */
  readonly precision?: P;
}

/**
 * Lays out the estimator on the objective and takes the memory for it.
 *
 * @throws {TypeError} if the family or f lacks what the estimator needs; the sentence names a cure
 * @throws {RangeError} if the memory needed cannot be had
 */
export function gradientOn<D, F, K extends Kind, P extends Precision = "f64">(
  core: Core,
  objective: Objective<D, F, K>,
  by: Estimator<NoInfer<D>, NoInfer<F>, NoInfer<K>>,
  options: GradientOptions<P>,
): Gradient<ShapesOf<D> & ShapesOf<F>, ThetaOf<D>, ArrayOf<P>> {
  const caller = "gradient";
  if (NAMED[objective?.kind] === undefined) {
    const cure = has("trace", objective) ? "A program has derivative(program, …) and programGradient(program, …)." : "";
    throw wrongKind(caller, "objective", "expectation(p, f) or importanceBound(q, f, { particles })", objective, cure);
  }
  if (!has("plan", by)) throw wrongKind(caller, "estimator", "an estimator, such as scoreFunction()", by);
  const definition = definedFor(by as unknown as AnyDefinition, objective);
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["samples", "batch", "precision"]);
  const samples = integer(caller, "samples", options.samples);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const precision: Precision = options.precision ?? "f64";
  if (precision !== "f64" && precision !== "f32") throw wrongValue(caller, "precision", '"f64" or "f32"', precision);
  distinct(objective);
  capable(definition, objective);
  const made = driver(objective as unknown as AnyObjective, definition, { core, precision, samples, batch });
  return gradientOf(made, precision) as unknown as Gradient<ShapesOf<D> & ShapesOf<F>, ThetaOf<D>, ArrayOf<P>>;
}

/** The objectives, as users write them. */
const NAMED: Readonly<Record<Kind, string>> = { expectation: "expectation(…)", "importance-bound": "importanceBound(…)" };

/** What the estimator does for this objective. */
function definedFor(definition: AnyDefinition, objective: { readonly kind: Kind; readonly distribution: unknown; readonly integrand: unknown }): AnyDefinition {
  const [own, other] = [definition.kind ?? "expectation", definition.bound?.kind];
  if (own === objective.kind) return definition;
  if (other === objective.kind) return definition.bound as unknown as AnyDefinition;
  const word = wordOf(definition.name);
  throw new TypeError(`${word}: estimates ${NAMED[own]}, not ${NAMED[objective.kind]}. ${cureOf(objective.kind, word, objective.distribution as Record<string, unknown>, objective.integrand as Record<string, unknown>)}`);
}

/** Capabilities whose property name is not the user's word. */
const SAID: Readonly<Record<string, string>> = {
  antithetic: "antithetic pairs",
  support: "finite support",
  mutual: "sets of antithetic flips",
  variable: "coordinates that can be counted through",
  logProbGradient: "density that can be differentiated",
  weak: "weak derivative",
  centre: "mean that can be differentiated",
  conditional: "latent given x",
  gapped: "gap",
  doublyStochastic: "relaxation by doubly stochastic matrices",
  quadratic: "known mean of quadratic functions",
};

/** A name can be given one array only, and gets one gradient. */
function distinct({ distribution, integrand }: { readonly distribution: unknown; readonly integrand: unknown }): void {
  const owners = [distribution, integrand].map((owner) => Object.keys((owner as { readonly params?: object }).params ?? {}));
  const shared = owners[0]!.find((name) => owners[1]!.includes(name));
  if (shared !== undefined) throw new TypeError(`gradient: "${shared}" names a parameter of the distribution and one of f. Rename one of them.`);
}

/** What the compiler says to TypeScript, in words for those who have none. */
function capable(definition: AnyDefinition, { kind, distribution, integrand }: { readonly kind: Kind; readonly distribution: unknown; readonly integrand: unknown }): void {
  const [p, f] = [distribution, integrand] as [Record<string, unknown>, Record<string, unknown>];
  const word = wordOf(definition.name);
  const instead = definition.instead?.every((property) => p[property] !== undefined) === true;
  for (const property of instead ? [] : definition.distribution) {
    if (p[property] === undefined) throw new TypeError(`${word}: ${String(p["name"])} has no ${SAID[property] ?? property}. ${cureFor(property, kind, word, p, f)}`);
  }
  for (const property of definition.integrand) {
    if (f[property] !== undefined) continue;
    if (property === "twice") throw new TypeError(`${word}: f is not twice differentiable. Use expression(f), or leave out deltaMethod().`);
    throw new TypeError(`${word}: f is not ${property}. Use differentiable(f) or expression(f)${p["score"] === undefined ? "." : `, or ${kind === "expectation" ? "scoreFunction()" : "vimco()"}.`}`);
  }
}
