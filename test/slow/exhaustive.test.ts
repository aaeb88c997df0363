import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** Bars in units in the last place; test/math holds the same ones at hard points, in both precisions. */
const bars = { exp: 1.25, log: 1.25 };

it.each(Object.entries(bars))("%s in f32 keeps its bar at all 2³² arguments", (name, bar) => {
  const said = execFileSync(process.execPath, ["scripts/exhaustive-f32.mjs", name], { encoding: "utf8" });
  expect(said).not.toContain("wrong");
  expect(Number(/at most ([\d.]+) ulp/.exec(said)?.[1])).toBeLessThanOrEqual(bar);
});
