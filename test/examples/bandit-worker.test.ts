import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chart } from "../../examples/bandit-worker/chart.ts";
import { GENERATION, policy } from "../../examples/bandit-worker/policy.ts";
import { serve } from "../../examples/bandit-worker/serve.ts";
import { type Run, simulate } from "../../examples/bandit-worker/simulate.ts";

const VISITORS = 40 * GENERATION;
let folder: string;
let whole: Run;
let halves: readonly Run[];
let ends: readonly unknown[];

/** A run in one go, and one whose runtime is stopped and started again in the middle. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradex-bandit-"));
  const run = async (name: string, parts: readonly (readonly [first: number, visitors: number])[]) => {
    const runs: Run[] = [];
    let end: unknown;
    for (const [first, visitors] of parts) {
      const server = await serve(join(folder, name));
      runs.push(await simulate(server, { seed: 1, first, visitors }));
      end = await server.post("/checkpoint", {});
      await server.stop();
    }
    return { runs, end };
  };
  const once = await run("once", [[0, VISITORS]]);
  const twice = await run("twice", [[0, VISITORS / 2], [VISITORS / 2, VISITORS / 2]]);
  [whole, halves, ends] = [once.runs[0]!, twice.runs, [once.end, twice.end]];
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the bandit in workerd", () => {
  it("learns what its visitors like: most of the way from chance to what could be had", () => {
    const { policy: reached, random, best } = whole.late;
    expect((reached - random) / (best - random)).toBeGreaterThan(0.6);
    expect(whole.lost).toBe(0);
  });

  it("goes on after a restart as if nothing had been, to the bit", () => {
    expect(ends[1]).toEqual(ends[0]);
    expect(halves.at(-1)!.late.policy).toBeGreaterThan(halves[0]!.points[0]!.policy);
  });

  it("makes in Node the same choices as in workerd", async () => {
    const own = policy(1);
    const local = {
      post: async (path: string, body: unknown) => {
        const { visitor, decision, reward } = body as { visitor: number[]; decision: never; reward: number };
        return path === "/choose" ? own.choose(Float64Array.from(visitor)) : { counted: own.reward(decision, Float64Array.from(visitor), reward) };
      },
    };
    await simulate(local, { seed: 1, visitors: VISITORS });
    expect(JSON.parse(JSON.stringify(own.checkpoint()))).toEqual(ends[0]);
  });

  it("refuses what it cannot read, in a sentence", async () => {
    const server = await serve(join(folder, "refused"));
    await expect(server.post("/choose", { visitor: [1] })).rejects.toThrow("Expected visitor: 4 finite numbers.");
    await expect(server.post("/reward", { visitor: [1, 0, 0, 0] })).rejects.toThrow("Expected decision and reward");
    await server.stop();
  });

  it("counts no reward of a generation that is long gone", () => {
    const own = policy(2);
    const seen = Float64Array.of(1, 0, 0, 0);
    const late = own.choose(seen);
    for (let i = 0; i < 2 * GENERATION; i++) expect(own.reward(own.choose(seen), seen, 1)).toBe(true);
    expect(own.reward(late, seen, 1)).toBe(false);
  });

  it("draws its history", () => {
    const svg = chart(whole.points, 5);
    expect(svg).toMatch(/^<svg[\s\S]*taste known[\s\S]*<\/svg>$/);
    expect(svg).not.toContain("NaN");
  });
});
