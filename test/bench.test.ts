import { describe, expect, test } from "vitest";
import type { Outcome } from "../bench/case.ts";
import { goals } from "../bench/goals.ts";
import { groups } from "../bench/groups.ts";

const loaded = await Promise.all(Object.entries(groups).map(async ([group, load]) => ({ group, cases: (await load()).cases })));

/** A difference in five of its standard errors. None at all is agreement, also where there is no error: half of the draws 1 in both. */
const share = (apart: number, variance: number): number => (apart === 0 ? 0 : Math.abs(apart) / (5 * Math.sqrt(variance)));

/** Mean, variance, and the squares of their standard errors. */
function moments(values: ArrayLike<number>): { mean: number; variance: number; meanError: number; varianceError: number } {
  const [n, all] = [values.length, Array.from(values)];
  const mean = all.reduce((sum, x) => sum + x, 0) / n;
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  const fourth = all.reduce((sum, x) => sum + (x - mean) ** 4, 0) / n;
  return { mean, variance, meanError: variance / n, varianceError: (fourth - variance ** 2) / n };
}

/** The largest difference of kernel and twin, in units of what they may differ by. */
function difference(outcome: Outcome): number {
  const { kernel, twin } = outcome;
  if (outcome.alike === "moments") {
    const [a, b] = [moments(kernel), moments(twin)];
    return Math.max(share(a.mean - b.mean, a.meanError + b.meanError), share(a.variance - b.variance, a.varianceError + b.varianceError));
  }
  let [most, largest] = [0, 0];
  for (let i = 0; i < twin.length; i++) largest = Math.max(largest, Math.abs(twin[i]!));
  for (let i = 0; i < twin.length; i++) {
    const allowed = outcome.alike === "values" ? outcome.within * largest : 5 * Math.hypot(outcome.errors[0][i]!, outcome.errors[1][i]!);
    const apart = Math.abs(kernel[i]! - twin[i]!);
    // Not Math.max alone: NaN must not pass for agreement.
    most = apart === 0 || apart / allowed < most ? most : apart / allowed;
  }
  return most;
}

describe.each(loaded)("the kernels timed in bench, $group", ({ cases }) => {
  test.each(cases.map((one) => [one.name, one] as const))("%s does what its twin does", (_, { elements, kernel, twin, parts = {}, outcome }) => {
    kernel();
    twin();
    const written = outcome();
    expect(elements).toBeGreaterThan(0);
    expect(written.kernel.length).toBe(written.twin.length);
    expect(Array.from(written.twin).some((x) => x !== 0)).toBe(true);
    expect(difference(written)).toBeLessThan(1);
    for (const run of Object.values(parts)) run();
  });
});

test("cases have names of their own, and every goal names one", () => {
  const names = loaded.flatMap(({ cases }) => cases.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  for (const { of, precision, against } of goals) if (against !== "milliseconds") expect(names).toContain(precision === undefined ? of : `${of} ${precision}`);
});
