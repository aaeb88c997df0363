import type { Distribution } from "../vocabulary/distribution.ts";
import { byDifferences } from "./differences.ts";
import { byQuadrature, particlesOf, quadratureLacks, type Tried } from "./quadrature.ts";
import { type Against, type Asking, type Gradients, mapped, type Reference, type Subject, sumOver } from "./reference.ts";
import { power, supportRule } from "./weighed-sum.ts";

/** The most points of one problem that a sum over the support is taken for. */
const SUPPORT = 4096;

/** What is compared with, and why it is not what would come first. */
export interface Chosen {
  readonly reference: Reference;
  readonly note: string | undefined;
}

/**
 * The reference of that name; without one the best there is: the sum over a small support, quadrature where it converges, else
 * differences.
 *
 * @param wanted  the standard errors of what is to be judged
 */
export function referenceFor(subject: Subject, against: Against | undefined, asking: Asking, wanted: Gradients): Chosen {
  if (against === "differences") return { reference: byDifferences(subject, asking), note: undefined };
  if (against === "enumeration" || (against === undefined && enumerableLacks(subject) === undefined)) {
    const why = enumerableLacks(subject);
    if (why !== undefined) throw refusal("enumeration", why);
    return { reference: summed(subject, asking), note: undefined };
  }
  const tried = quadrature(subject, asking, wanted);
  if (tried.reference !== undefined) return { reference: tried.reference, note: undefined };
  if (against === "quadrature") throw refusal("quadrature", tried.why);
  return { reference: byDifferences(subject, asking), note: finite(subject) ? undefined : tried.why };
}

const refusal = (against: Against, why: string): RangeError => new RangeError(`certify: "against" expected a reference that can be had, got ${against}: ${why}. Use "differences".`);

const finite = ({ objective }: Subject): boolean => (objective.distribution as { readonly support?: object }).support !== undefined;

function enumerableLacks({ objective }: Subject): string | undefined {
  const { name, support } = objective.distribution as Distribution & { readonly support?: { readonly size: number } };
  if (support === undefined) return `${name} has no finite support`;
  const points = power(support.size, particlesOf(objective));
  return points > SUPPORT ? `there are ${points} points, and it is for at most ${SUPPORT}` : undefined;
}

function summed(subject: Subject, asking: Asking): Reference {
  const { gradient, evaluations } = sumOver(supportRule(), subject, asking);
  return { against: "enumeration", gradient, error: mapped(gradient, (g) => new Float64Array(g.length)), evaluations };
}

/** Whatever goes wrong at the nodes (f overflows in a tail that no draw reaches, a support of unknown ends) is a reason not to use them. */
function quadrature(subject: Subject, asking: Asking, wanted: Gradients): Tried {
  const why = quadratureLacks(subject, asking.points);
  if (why !== undefined) return { why };
  try {
    return byQuadrature(subject, asking, wanted);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { why: `it failed: ${error.message.replace(/\.$/, "")}` };
  }
}
