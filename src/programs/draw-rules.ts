import { listed, wrongKind } from "../errors.ts";
import type { DrawRule, ForDraws } from "../vocabulary/estimator.ts";

const SAID: Readonly<Record<DrawRule["kind"], string>> = { score: "scoreFunction()", pathwise: "pathwise()", disarm: "disarm()", enumerate: "enumerate()" };

const paths: readonly DrawRule["kind"][] = ["pathwise", "score"];

/** What the draws of a kind can be differentiated by; kinds that are not here have a score alone. */
const RULES: Readonly<Record<string, readonly DrawRule["kind"][]>> = {
  bernoulli: ["score", "disarm", "enumerate"],
  categorical: ["score", "enumerate"],
  normal: paths,
  exponential: paths,
  gamma: paths,
  uniform: ["pathwise"],
};

/** What the compiler says to TypeScript, in words for those who have none. */
export function ruleOf(caller: string, kind: string, by: ForDraws): DrawRule {
  const possible = RULES[kind] ?? ["score"];
  const rule = (by as Partial<ForDraws> | null)?.onDraws;
  const said = listed(possible.map((own) => SAID[own])).replace(" and ", " or ");
  if (rule === undefined) throw wrongKind(caller, `draw.${kind}`, `an estimator for a single draw, ${said}`, by);
  if (!possible.includes(rule.kind)) throw new TypeError(`${caller}: draw.${kind} cannot be differentiated by ${SAID[rule.kind]}. Use ${said}.`);
  if (rule.kind === "score" && rule.controlled) throw new TypeError(`${caller}: draw.${kind} cannot have a control variate. Use a baseline alone.`);
  return rule;
}
