import { expect, it } from "vitest";
import { train } from "../../examples/sort-numbers/train.ts";
import { key } from "../../src/index.ts";

it.each([10, 80, 100, 120])("lists of %d numbers are sorted without an error in a thousand new ones", async (n) => {
  const { anyWrong, wrong } = await train({ n, steps: 500, key: key(1).fold(n), tests: 1000 });
  expect([anyWrong, wrong]).toEqual([0, 0]);
});
