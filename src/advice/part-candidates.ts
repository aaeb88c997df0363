import { disarm } from "../estimators/disarm.ts";
import { each } from "../estimators/each.ts";
import { measureValued } from "../estimators/measure-valued.ts";
import { pathwise } from "../estimators/pathwise.ts";
import { scoreFunction } from "../estimators/score-function.ts";
import type { Distribution } from "../vocabulary/distribution.ts";

/** What a part may be estimated by, with the property that this asks of it. */
const CHOICES: readonly (readonly [word: string, property: string, by: () => object])[] = [
  ["pathwise()", "path", pathwise],
  ["disarm()", "antithetic", disarm],
  ["scoreFunction()", "score", scoreFunction],
  ["measureValued()", "weak", measureValued],
];
/** Combinations that are tried at most, and choices of a part. */
const [MOST, CHOICES_EACH] = [8, 2];

type Choice = readonly [name: string, word: string, by: object];

/** For a family of several parts, the first combinations of an estimator for each. */
export function partCandidates(parts: Readonly<Record<string, Distribution>>): Readonly<Record<string, object>> {
  const names = Object.keys(parts);
  if (names.length < 2) return {};
  const combinations = names.reduce<readonly (readonly Choice[])[]>((before, name) => before.flatMap((chosen) => choicesOf(name, parts[name]!).map((choice) => [...chosen, choice])).slice(0, MOST), [[]]);
  return Object.fromEntries(combinations.map((chosen) => [worded(chosen), each(Object.fromEntries(chosen.map(([name, , by]) => [name, by])) as never)]));
}

function choicesOf(name: string, part: Distribution): readonly Choice[] {
  const able = CHOICES.filter(([, property]) => (part as unknown as Readonly<Record<string, unknown>>)[property] !== undefined);
  return able.slice(0, CHOICES_EACH).map(([word, , by]) => [name, word, by()]);
}

const worded = (chosen: readonly Choice[]): string => `each({ ${chosen.map(([name, word]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${word}`).join(", ")} })`;
