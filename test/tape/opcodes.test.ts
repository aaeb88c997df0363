import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { WORDS } from "../../src/tape/link.ts";
import { OPCODES } from "../../src/tape/opcodes.ts";

const core = readFileSync(new URL("../../assembly/tape/opcodes.ts", import.meta.url), "utf8");

test("the numbers of the operations are the same on both sides", () => {
  const declared = Object.fromEntries([...core.matchAll(/(\w+) = (\d+),/g)].map(([, name, code]) => [name, Number(code)]));
  expect(declared).toEqual(OPCODES);
  expect(new Set(Object.values(OPCODES)).size).toBe(Object.keys(OPCODES).length);
});

test("an instruction has as many bytes on both sides", () => {
  expect(core).toContain(`INSTRUCTION: usize = ${4 * WORDS};`);
});
