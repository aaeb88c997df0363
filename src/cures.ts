import { wordOf } from "./errors.ts";
import type { Kind } from "./vocabulary/objective.ts";

type Properties = Readonly<Record<string, unknown>>;

/** An estimator that can stand in for another, and what it asks for. */
interface Word {
  readonly call: string;
  readonly distribution: readonly string[];
  readonly differentiable?: true;
}

/** Points that enumerate() takes without being asked to. */
const FEW = 65536;

const EXPECTATION: readonly Word[] = [
  { call: "scoreFunction()", distribution: ["score"] },
  { call: "pathwise()", distribution: ["path"], differentiable: true },
  { call: "disarm()", distribution: ["antithetic"] },
  { call: "enumerate()", distribution: ["support"] },
  { call: "relax()", distribution: ["latentScore"] },
];

const BOUND: readonly Word[] = [
  { call: "vimco()", distribution: ["score"] },
  { call: "pathwise()", distribution: ["path", "logProbGradient", "score"], differentiable: true },
  { call: "dreg()", distribution: ["path", "logProbGradient"], differentiable: true },
];

/** Where no estimator without bias is left. */
const RELAXED: readonly Word[] = [
  { call: "gumbelSoftmax()", distribution: ["relaxation"], differentiable: true },
  { call: "straightThrough({ temperature })", distribution: ["relaxation"], differentiable: true },
];

/** What to leave out, or to take instead, where this is what the family lacks. */
const OWN: Readonly<Record<string, string>> = { quadratic: "Leave out deltaMethod().", quantile: 'Leave out "noise".', parts: "Make it with joint({ … })." };

/** What relaxes is the one-hot choice. */
const ONE_HOT = new Set(["relaxation", "centre", "conditional", "gapped"]);

/** What to do where the family lacks a property that the estimator needs. */
export function cureFor(property: string, kind: Kind, name: string, p: Properties, f: Properties): string {
  const taken = p["name"] === "categorical" && ONE_HOT.has(property) ? " Or take oneHotCategorical(k)." : "";
  return OWN[property] ?? `${cureOf(kind, name, p, f)}${taken}`;
}

/**
 * What to use on this family and this f instead of an estimator that cannot: the one place that knows, and asks them what they can do.
 *
 * @param kind  the objective, which an estimator of another kind does not estimate
 * @param name  of the estimator that cannot
 */
export function cureOf(kind: Kind, name: string, p: Properties, f: Properties): string {
  const fits = ({ call, distribution, differentiable }: Word): boolean =>
    distribution.every((property) => p[property] !== undefined) && (!differentiable || f["differentiable"] !== undefined) && able(call, p) && !call.startsWith(`${wordOf(name)}(`);
  const calls = (words: readonly Word[]): string => words.filter(fits).map(({ call }) => call).join(", ").replace(/, ([^,]*)$/, " or $1");
  if (kind !== "expectation") return calls(BOUND) === "" ? "" : `Use ${calls(BOUND)}.`;
  const [own, relaxed] = [calls(EXPECTATION), calls(RELAXED)];
  if (own !== "") return `Use ${own}.`;
  return relaxed === "" ? "Use spsa() or finiteDifferences()." : `Use ${relaxed}, which are biased; spsa() or finiteDifferences().`;
}

/** Whether the family is small enough, and what it relaxes to is what f takes. */
function able(call: string, { support, relaxation, dim }: Properties): boolean {
  if (call === "enumerate()") return (support as { readonly size: number }).size <= FEW;
  return !RELAXED.some((word) => word.call === call) || (relaxation as { readonly dim: number }).dim === dim;
}
