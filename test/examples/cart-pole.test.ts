import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Agent, agents, HIDDEN, seen, type Weights } from "../../examples/cart-pole/agents.ts";
import { STEPS, start, step, up } from "../../examples/cart-pole/pole.ts";
import { summary } from "../../examples/cart-pole/summary.ts";
import { mean, policyGradient, returns, train } from "../../examples/cart-pole/train.ts";
import { key } from "../../src/index.ts";

const main = fileURLToPath(new URL("../../examples/cart-pole/main.ts", import.meta.url));

describe("the cart and its pole", () => {
  it("move by the published equations", () => {
    // Upright and at rest, F = 10: spin = −(10 / 1.1) / (0.5 (4/3 − 0.1 / 1.1)) = −600/41, acceleration = 10 / 1.1 − 0.05 spin / 1.1 = 400/41.
    expect(step([0, 0, 0, 0], 10)).toEqual([0, expect.closeTo(8 / 41, 12), 0, expect.closeTo(-12 / 41, 12)]);
    // A right angle, F = −10, turning 2: cos = 0, spin = 9.8 / (0.5 · 4/3) = 14.7, acceleration = (−10 + 0.05 · 4) / 1.1 = −98/11.
    expect(step([1, 0.5, Math.PI / 2, 2], -10)).toEqual([1.01, expect.closeTo(0.5 - 1.96 / 11, 12), expect.closeTo(Math.PI / 2 + 0.04, 12), expect.closeTo(2.294, 12)]);
  });

  it("start near upright and end off the track or beyond twelve degrees", () => {
    expect(start([0, 0.25, 0.5, 0.75])).toEqual([-0.05, -0.025, 0, 0.025]);
    expect([up([2.4, 9, 0, 9]), up([-2.41, 0, 0, 0]), up([0, 0, 0.209, 0]), up([0, 0, -0.21, 0])]).toEqual([true, false, true, false]);
  });

  it("are paid −1 for a fall, the later the less, and nothing for time that runs out", () => {
    expect(returns(3)).toEqual([-(0.99 ** 2), -0.99, -1]);
    expect(new Set(returns(STEPS)).size).toBe(1);
    expect(Math.abs(returns(STEPS)[0]!)).toBe(0);
  });
});

/** A world of two steps: what the second is depends on the first. */
const here = Float64Array.of(0.4, -0.3, 0.8, 0.1);
const there = [Float64Array.of(-0.5, 0.9, 0.2, -0.7), Float64Array.of(0.6, 0.3, -0.4, 0.8)];
const PAID = { first: [0.2, -0.4], second: [[1, -0.5], [-1.2, 0.7]] } as const;

/** How probable a push to the right is. */
function right({ A, a, B, b, s }: Weights, state: Float64Array): number {
  const layer = Array.from(a!, (bias, j) => Math.tanh(state.reduce((sum, x, i) => sum + x * A![i * HIDDEN + j]!, bias)));
  const output = layer.reduce((sum, h, j) => sum + h * B![j]!, b![0]!);
  return s === undefined ? 1 / (1 + Math.exp(-output)) : above((0.5 - output) / Math.exp(s[0]!));
}

/** P(ε > x) of a standard normal, by Simpson's rule from 0. */
function above(x: number): number {
  const n = 100;
  const points = Array.from({ length: n + 1 }, (_, i) => (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * ((x * i) / n) ** 2));
  return 0.5 - ((x / n / 3) * points.reduce((sum, y) => sum + y, 0)) / Math.sqrt(2 * Math.PI);
}

/** What is earned on average, by enumeration of the four histories. */
function earned(params: Weights): number {
  const one = right(params, here);
  return [0, 1].reduce((sum, i) => {
    const two = right(params, there[i]!);
    return sum + (i === 1 ? one : 1 - one) * (PAID.first[i]! + (1 - two) * PAID.second[i]![0] + two * PAID.second[i]![1]);
  }, 0);
}

function slope(params: Weights, name: string, i: number): number {
  const moved = (by: number): number => earned({ ...params, [name]: params[name]!.map((x, k) => (k === i ? x + by : x)) });
  return (moved(1e-5) - moved(-1e-5)) / 2e-5;
}

/** Episodes in the small world: every gradient. */
function gradients(agent: Agent, params: Weights, episodes: number): readonly Weights[] {
  using grad = agent.gradient();
  const side = (own: ReturnType<typeof key>, state: Float64Array): 0 | 1 => (grad.propose(params, own, { context: { state } }).hard[0]! > 0.5 ? 1 : 0);
  return Array.from({ length: episodes }, (_, episode) => {
    const own = key("two steps").fold(episode);
    const one = side(own.fold(0), here);
    const two = side(own.fold(1), there[one]!);
    const second = PAID.second[one]![two]!;
    return policyGradient(grad, params, own, [here, there[one]!], [PAID.first[one]! + second, second]);
  });
}

describe("the policy's gradient", () => {
  it.each(agents.map((agent) => [agent.name, agent] as const))("is right on average, by %s, while baseline and control variate learn", (_, agent) => {
    const params = { ...agent.beginning(key("weights")), B: Float64Array.from({ length: HIDDEN }, (_, j) => 0.6 * Math.cos(3 * j + 1)), b: Float64Array.of(0.3) };
    const found = gradients(agent, params, 2500);
    for (const [name, array] of Object.entries(params)) {
      for (let i = 0; i < array.length; i += 5) {
        const values = found.map((own) => own[name]![i]!);
        const centre = mean(values);
        const error = Math.sqrt(mean(values.map((g) => (g - centre) ** 2)) / values.length);
        expect(Math.abs(centre - slope(params, name, i)), `${name}[${i}]`).toBeLessThan(4 * error);
      }
    }
  });
});

describe("training", () => {
  it.each([0, 3].map((which) => [agents[which]!.name, agents[which]!] as const))("gets better in few episodes, by %s", (_, agent) => {
    const { lengths } = train(agent, { seed: 0, episodes: 80 });
    expect(mean(lengths.slice(-15))).toBeGreaterThan(1.5 * mean(lengths.slice(0, 15)));
  });

  it("is the same under the same key", () => {
    const run = () => train(agents[1]!, { seed: 3, episodes: 15 }).lengths;
    expect(run()).toEqual(run());
  });

  it("is summed up with the keys that never got there", () => {
    const run = (solved?: number) => ({ agent: "", lengths: [], solved });
    expect(summary([run(300), run(100), run()], 500)).toBe(" 200 ± 141 (100, 300; 1 of 3 keys never, in 500)");
    expect(summary([run(), run()], 500)).toBe("2 of 2 keys never, in 500");
  });

  it("sees numbers of about 1", () => expect([...seen([2.4, 2, 0.2, -2])]).toEqual([1, 1, 1, -1]));
});

describe("the command", () => {
  it("trains all four and draws them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gradex-pole-"));
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--keys", "1", "--episodes", "40"], { cwd: folder });
    for (const { name } of agents) expect(stdout).toMatch(new RegExp(`^${name} +1 of 1 keys never, in 40$`, "m"));
    const svg = readFileSync(join(folder, "cart-pole.svg"), "utf8");
    rmSync(folder, { recursive: true });
    expect(svg).toMatch(/^<svg[\s\S]*RELAX[\s\S]*<\/svg>$/);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it("refuses in one sentence what is out of range", async () => {
    await expect(promisify(execFile)(process.execPath, [main, "--keys", "0"])).rejects.toThrow(`--keys expected a whole number of at least 1, got "0"`);
  });
});
