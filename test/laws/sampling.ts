import { expect, it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import { CHUNK } from "../../src/sample.ts";
import type { Subject } from "../laws.ts";
import { column, correlation, moments, within } from "./numbers.ts";
import { type Problem, stage, stream } from "./stage.ts";

const DRAWS = 120_000;

export function samplingLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("draws points of its support, and no NaN or infinity", () => {
    using at = stage(family, precision, problems);
    const x = at.sample(4099 * batch);
    for (let i = 0; i < x.length; i++) {
      const row = Math.floor(i / dim);
      const inside = subject.support(x[i]!, x.subarray(row * dim, (row + 1) * dim), problems[row % batch]!);
      if (!Number.isFinite(x[i]!) || !inside) expect.fail(`x[${i}] = ${x[i]}`);
    }
  });

  if (subject.moments !== undefined) {
    it("has its mean and variance, within 5 standard errors", () => {
      using at = stage(family, precision, problems);
      const x = at.sample(DRAWS * batch, stream(2));
      problems.forEach((problem, b) => {
        const exact = subject.moments!(problem);
        for (let j = 0; j < dim; j++) {
          const seen = moments(column(x, b * dim + j, batch * dim));
          within(seen.mean, exact.mean[j]!, seen.meanError, 5, `mean of coordinate ${j} of problem ${b}`);
          within(seen.variance, exact.variance[j]!, seen.varianceError, 5, `variance of coordinate ${j} of problem ${b}`);
        }
      });
    });
  }

  it("begins a longer run with the shorter one, and writes nothing beyond it", () => {
    using at = stage(family, precision, problems);
    const long = at.sample(2100 * batch);
    for (const rows of [0, 1, 3, 7, 17, 100, 1023, 1024, 1025, 2099]) {
      expect(at.sample(rows * batch)).toEqual(long.slice(0, rows * batch * dim));
    }
  });

  it("gives the same draws however a run is split at multiples of 1,024 rows", () => {
    using at = stage(family, precision, problems);
    const rows = 3 * CHUNK * batch + 5 * batch;
    const whole = at.sample(rows);
    for (const chunk of [1, 2, 3].map((c) => c * batch)) {
      expect(at.sample(rows - chunk * CHUNK, stream(1, 0, chunk))).toEqual(whole.slice(chunk * CHUNK * dim));
    }
  });

  it("draws independently for other keys, sites, chunks and coordinates", () => {
    using at = stage(family, precision, problems);
    const rows = CHUNK * batch * 16;
    const coordinate = (seed: number, site: number, chunk: number, j = 0): Float64Array => column(at.sample(rows, stream(seed, site, chunk)), j, batch * dim);
    const first = coordinate(1, 0, 0);
    const others = [coordinate(2, 0, 0), coordinate(1, 1, 0), coordinate(1, 0, 16 * batch), coordinate(1, 0, batch), coordinate(1, 65536, 0)];
    for (let lag = 1; lag <= 9; lag++) others.push(Float64Array.from(first, (_, i) => first[(i + lag) % first.length]!));
    if (batch > 1) others.push(column(at.sample(rows), dim, batch * dim));
    const limit = 5 / Math.sqrt(first.length);
    others.forEach((other, i) => expect(Math.abs(correlation(first, other)), `stream ${i}`).toBeLessThan(limit));
  });

  for (const problem of subject.edges?.[precision] ?? []) {
    it(`draws finite numbers for ${JSON.stringify(problem)}`, () => {
      using at = stage(family, precision, [problem]);
      const x = at.sample(2048);
      expect(x.every(Number.isFinite)).toBe(true);
      if (family.logProb !== undefined) expect(at.logProb(x).some(Number.isNaN)).toBe(false);
    });
  }

  it("keeps its numbers: the first draws are those of the release", async () => {
    using at = stage(family, precision, problems);
    const values = JSON.stringify({ precision, problems, draws: [...at.sample(8 * batch)] }, null, 1);
    await expect(values).toMatchFileSnapshot(`../values/${family.name}-${dim}-${precision}-${batch}.json`);
  });
}
