import { batched } from "../integrand.ts";
import { expectation } from "../expectation.ts";
import type { Distribution } from "../vocabulary/distribution.ts";
import { axesOf, quadratureRule } from "./quadrature-rule.ts";
import { type Asking, type Gradients, mapped, type Reference, type Subject, sumOver } from "./reference.ts";
import { power } from "./weighed-sum.ts";

/** The most coordinates that a product rule is taken over. */
const MOST_AXES = 3;
/** Nodes of the coarsest rule in each coordinate, by the number of coordinates. */
const FIRST = [0, 65, 33, 17];
/** Nodes of the finest rule of a single coordinate. */
const MOST_NODES = 2 ** 15 + 1;
/** The error that ends the search, in standard errors of the estimate that is to be judged, and the one that may stay when the points run out. */
const [SMALL, BEARABLE] = [0.01, 0.2];
const ROUNDING = 1e-9;
/** The coarsest rule leaves out what lies e^−45 below the peak; each finer one goes twice as deep, so that a tail left out shows in their difference. */
const DEPTH = 45;

/** Why quadrature cannot be tried here; undefined where it can. */
export function quadratureLacks({ objective, batch }: Subject, most: number): string | undefined {
  const p = objective.distribution as Distribution & { readonly family?: Distribution };
  const family = (p.family ?? p) as Distribution & Readonly<Record<string, unknown>>;
  const particles = particlesOf(objective);
  const missing = ["score", "logProb", "logProbGradient"].find((name) => typeof family[name] !== "function");
  if (missing === "score") return `${family.name} has no score`;
  if (missing !== undefined) return `${family.name} has no density that can be differentiated`;
  const axes = axesOf(family, particles);
  if (axes > MOST_AXES) return `it would be over ${axes} variables, and is for at most ${MOST_AXES}`;
  const least = power(FIRST[axes]!, axes) * particles * batch;
  return least * power(2, axes) > most ? `it would take more than ${most} evaluations of f at once` : undefined;
}

export const particlesOf = (objective: Subject["objective"]): number => (objective.kind === "expectation" ? 1 : objective.particles);

/** A reference, or why there is none. */
export type Tried = { readonly reference: Reference; readonly why?: undefined } | { readonly reference?: undefined; readonly why: string };

/**
 * ∇E f by rules of twice as many nodes each time, until two of them agree to a hundredth of the standard error that is to be judged. The
 * finer one is the result, their difference its error; to that is added what the rule gets wrong of E 1 = 1 and of its gradient, 0.
 */
export function byQuadrature(subject: Subject, asking: Asking, wanted: Gradients): Tried {
  const p = subject.objective.distribution as Distribution & { readonly family?: Distribution };
  const particles = particlesOf(subject.objective);
  const axes = axesOf(p.family ?? p, particles);
  const own = Object.fromEntries(Object.entries(subject.params).filter(([name]) => Object.hasOwn(p.params, name)));
  const unit = { ...subject, params: own, objective: expectation(p as never, one) as unknown as Subject["objective"] };
  let [before, evaluations, depth] = [undefined as Level | undefined, 0, DEPTH];
  for (let count = FIRST[axes]!; count <= MOST_NODES && power(count, axes) * particles * subject.batch <= asking.points; count = 2 * count - 1, depth *= 2) {
    const found = sumOver(quadratureRule(count, depth), subject, asking);
    evaluations += found.evaluations;
    const level: Level = { gradient: found.gradient, value: found.value, error: mapped(found.gradient, (g) => new Float64Array(g.length).fill(Infinity)) };
    if (before !== undefined) {
      refined(level, before, sumOver(quadratureRule(count, depth), unit, asking), particles);
      if (within(SMALL, level, wanted)) return { reference: { against: "quadrature", ...level, evaluations } };
    }
    before = level;
  }
  if (within(BEARABLE, before!, wanted)) return { reference: { against: "quadrature", ...before!, evaluations } };
  return { why: `it did not converge: after ${evaluations} evaluations its error is still ${worst(before!, wanted)}` };
}

const one = batched((_, value) => value.fill(1));

interface Level {
  readonly gradient: Gradients;
  readonly value: Float64Array;
  readonly error: Gradients;
}

/** Writes the error: the step from the rule before, a sixteenth of the step before that, and what is wrong with the density. */
function refined({ gradient, value, error }: Level, before: Level, unit: { readonly gradient: Gradients; readonly value: Float64Array }, particles: number): void {
  const mass = particles * unit.value.reduce((most, own) => Math.max(most, Math.abs(own - 1)), 0);
  const size = value.reduce((most, own) => Math.max(most, Math.abs(own)), 0);
  for (const [name, own] of Object.entries(error)) {
    const g = gradient[name]!;
    const beside = unit.gradient[name]; // not of the parameters of f
    for (let i = 0; i < own.length; i++) {
      const last = before.error[name]![i]!;
      const earlier = Number.isFinite(last) ? last / 16 : 0;
      own[i] = Math.max(Math.abs(g[i]! - before.gradient[name]![i]!), earlier) + mass * Math.abs(g[i]!) + size * Math.abs(beside?.[i] ?? 0);
    }
  }
}

function within(share: number, { gradient, error }: Level, wanted: Gradients): boolean {
  return Object.entries(error).every(([name, own]) => own.every((e, i) => e <= Math.max(share * wanted[name]![i]!, ROUNDING * (1 + Math.abs(gradient[name]![i]!)))));
}

/** The coordinate that is farthest from what is wanted, as a sentence ends. */
function worst({ error }: Level, wanted: Gradients): string {
  const all = Object.entries(error).flatMap(([name, own]) => Array.from(own, (e, i) => ({ said: `${e.toPrecision(2)} in ${name}[${i}]`, far: e / (wanted[name]![i]! || ROUNDING), se: wanted[name]![i]! })));
  const [far] = all.sort((a, b) => b.far - a.far);
  return `${far!.said}, where the standard error of the estimate is ${far!.se.toPrecision(2)}`;
}
