import { expect, test } from "vitest";
import * as gradex from "../../src/index.ts";
import { CASES, draws } from "./digest.ts";
import { estimators, families, type Gradex } from "./subjects.ts";

/** What takes part in no digest, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  Node: "a class to name in types; a formula gets its nodes from the tape",
};

/** The package, whose functions tell their names when they are called. */
function watched(called: Set<string>): Gradex {
  const told = Object.entries(gradex).map(([name, exported]) => [name, typeof exported !== "function" ? exported : (...given: unknown[]) => {
    called.add(name);
    return (exported as (...given: unknown[]) => unknown)(...given);
  }]);
  return Object.fromEntries(told) as unknown as Gradex;
}

test("every export of the package takes part in the digest: as a family, as an estimator, or called by a case or for each family", async () => {
  const called = new Set([...families(gradex), ...estimators(gradex)].map(([name]) => name));
  const watching = watched(called);
  for (const [, compute] of [...CASES, ...draws(watching, "normal", watching.normal(5))]) await compute(watching);
  const left = Object.keys(gradex).filter((name) => !called.has(name));
  expect(left).toEqual(Object.keys(EXCEPTIONS));
});
