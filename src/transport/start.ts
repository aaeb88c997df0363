import type { Points } from "../core/core.ts";
import type { Settings } from "./options.ts";
import type { Workspace } from "./workspace.ts";

/** Of x in the exponent. */
export const scaleOf = (form: "cost" | "logits", regularization: number): number => (form === "cost" ? -1 : 1) / regularization;

/** λ = ρ / (ρ + ε): 1 where the marginals must hold. */
export function powersOf(strengths: readonly [number, number], regularization: number): readonly [number, number] {
  const power = (strength: number): number => (strength === Number.POSITIVE_INFINITY ? 1 : strength / (strength + regularization));
  return [power(strengths[0]), power(strengths[1])];
}

/** γ and log u + φ of the potentials that were given, or of none, for problem p, which is in the workspace. `unit` is 1 / ε. */
export function start({ byRow, byColumn }: Workspace, p: number, { start: given }: Settings, unit: number): void {
  startGamma(byColumn(3), byColumn(0), given?.columnPotentials, p, unit);
  startAt(byRow(3), byRow(0), given?.rowPotentials, p, unit, Number.NEGATIVE_INFINITY);
}

/** 0 where nothing was given. */
export function startGamma(into: Points, masses: Points, given: Points | undefined, p: number, unit: number): void {
  startAt(into, masses, given, p, unit, 0);
}

/** −∞ where there is no mass. */
function startAt(into: Points, masses: Points, given: Points | undefined, p: number, unit: number, otherwise: number): void {
  for (let i = 0; i < into.length; i++) {
    const potential = given === undefined ? otherwise : given[p * into.length + i]! * unit;
    into[i] = masses[i]! > 0 ? (potential > Number.NEGATIVE_INFINITY ? potential : otherwise) : Number.NEGATIVE_INFINITY;
  }
}
