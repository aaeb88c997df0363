import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../examples/stochastic-triples/main.ts", import.meta.url));
const figures: Record<string, string> = {};
let folder: string;
let said: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gradex-triples-"));
  said = execFileSync(process.execPath, [main, folder, "3000"], { encoding: "utf8" });
  for (const file of readdirSync(folder)) figures[file] = readFileSync(join(folder, file), "utf8");
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a triple is printed", () => {
  expect(said).toMatch(/at p = 0\.5: \d+ \+ 0ε \+ \(1 with probability \d+\.\d+ε\)/);
});

test("five figures are written, each a drawing of its own", () => {
  expect(Object.keys(figures).toSorted()).toEqual(["continuous-change.svg", "continuous-values.svg", "discrete-change.svg", "discrete-values.svg", "variance.svg"]);
  for (const svg of Object.values(figures)) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    expect(svg).not.toContain("NaN");
  }
});

test("jumps carry the weights of a binomial draw: (3 − x) / (1 − p)", () => {
  expect([...figures["discrete-change.svg"]!.matchAll(/1 w\.p\. ([\d.]+)ε/g)].map(([, weight]) => Number(weight))).toEqual([6, 4, 2]);
  expect(figures["discrete-values.svg"]).toContain("X(p + 0.1)");
});

test("triples lie below the score function at every length of the walk", () => {
  const heights = (colour: string): number[] => [...figures["variance.svg"]!.matchAll(new RegExp(`cx="([\\d.]+)" cy="([\\d.]+)"[^>]*fill="${colour}"`, "g"))].map(([, , y]) => Number(y));
  const [score, baseline, triples] = [heights("#8a8f98"), heights("#2f6db5"), heights("#d9652b")];
  expect(triples.length).toBe(10);
  for (const [i, y] of triples.entries()) {
    expect(y).toBeGreaterThan(baseline[i]!); // further down the page
    expect(baseline[i]!).toBeGreaterThan(score[i]!);
  }
});
