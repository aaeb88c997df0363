import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { disarm, enumerate, type Estimate, type Estimator, type ForDraws, gradient, key, programGradient, sample, normal, scoreFunction } from "gradex";
import { describe, expect, test } from "vitest";
import { topicModel } from "../../examples/topic-model/model.ts";
import { topicProgram } from "../../examples/topic-program/model.ts";

const [TOPICS, WORDS, BATCH] = [3, 5, 4];
const SHRINKAGE = 0.01;
const random = (seed: string, length: number, scale: number): Float64Array => sample(normal(1), { mean: Float64Array.of(0), logScale: Float64Array.of(Math.log(scale)) }, key(seed), { samples: length });
const params = { U: random("U", WORDS * TOPICS, 0.5), a: random("a", TOPICS, 1), W: random("W", TOPICS * WORDS, 0.8), c: random("c", WORDS, 0.3) };
const context = { counts: Float64Array.of(3, 1, 4, 1, 0, 0, 2, 2, 0, 5, 1, 0, 0, 0, 1, 2, 2, 2, 2, 2) };

type Every = Estimate<Readonly<Record<"U" | "a" | "W" | "c", readonly number[]>>>;

function objects(by: unknown, samples: number): Every {
  using own = gradient(topicModel(TOPICS, WORDS, SHRINKAGE), by as Estimator<object, object>, { samples, batch: BATCH });
  return own.estimate(params, key(11), { context }) as unknown as Every;
}

function asProgram(by: ForDraws<"score" | "disarm" | "enumerate">, samples: number): Every {
  using own = programGradient(topicProgram(TOPICS, WORDS, SHRINKAGE, by), { samples, batch: BATCH });
  return own.estimate(params, key(11), { context }) as unknown as Every;
}

describe("the topic model as a program", () => {
  const [exact, program] = [objects(enumerate(), 1), asProgram(enumerate(), 1)];

  test("has the exact gradient of the model made of objects, to rounding", () => {
    for (let i = 0; i < BATCH; i++) expect(program.value[i]).toBeCloseTo(exact.value[i]!, 10);
    for (const name of ["U", "a", "W", "c"] as const) {
      expect(program.gradient[name]).toHaveLength(exact.gradient[name].length);
      exact.gradient[name].forEach((wanted, i) => expect(program.gradient[name][i]).toBeCloseTo(wanted, 10));
    }
  });

  test.each([["disarm", disarm()], ["score function", scoreFunction()]] as const)("has it by %s within its noise, which is that of the objects", (_, by) => {
    const samples = 20_000;
    const [found, other] = [asProgram(by, samples), objects(by, samples)];
    for (const name of ["a", "c"] as const) {
      exact.gradient[name].forEach((wanted, i) => expect(Math.abs(found.gradient[name][i]! - wanted)).toBeLessThan(4 * found.standardError[name][i]!));
    }
    // A matrix has no error of its own: it is compared with what the two estimates differ by, in the units of a.
    const unit = Math.max(...found.standardError.a, ...found.standardError.c);
    for (const name of ["U", "W"] as const) exact.gradient[name].forEach((wanted, i) => expect(Math.abs(found.gradient[name][i]! - wanted)).toBeLessThan(10 * unit));
    // The noise of a is that of the logits, over the passages together.
    const logits = (other.standardError as unknown as Record<"logits", Float64Array>).logits;
    for (let j = 0; j < TOPICS; j++) {
      const sum = Math.hypot(...Array.from({ length: BATCH }, (_, b) => logits[b * TOPICS + j]!));
      expect(found.standardError.a[j]! / sum).toBeGreaterThan(0.95);
      expect(found.standardError.a[j]! / sum).toBeLessThan(1.05);
    }
  });

  test("trains, from the command line", () => {
    const folder = mkdtempSync(join(tmpdir(), "gradex-program-"));
    const themes = ["river water fish bridge boat flood bank stream", "oven bread flour yeast dough crust baker salt", "orbit planet comet rocket moon gravity telescope crater"].map((theme) => theme.split(" "));
    for (let i = 0; i < 60; i++) {
      const theme = themes[i % 3]!;
      writeFileSync(join(folder, `${i}.txt`), key("words").fold(i).split(80).map(({ low, high }) => `${theme[low % 8]}${"abcdefghijklm"[high % 13]}`).join(" "));
    }
    const said = execFileSync(process.execPath, [fileURLToPath(new URL("../../examples/topic-program/main.ts", import.meta.url)), folder, "100"], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    const unigram = Number(/no topics\s+(-[\d.]+)/.exec(said)![1]);
    const steps = [...said.matchAll(/step\s+(\d+) (-[\d.]+)/g)].map(([, , elbo]) => Number(elbo));
    expect(steps).toHaveLength(10);
    expect(steps.at(-1)!).toBeGreaterThan(unigram + 0.5);
  });
});
