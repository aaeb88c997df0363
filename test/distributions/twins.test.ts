import { expect, it } from "vitest";
import * as cauchyTwin from "../../reference/distributions/cauchy.ts";
import * as halfNormalTwin from "../../reference/distributions/half-normal.ts";
import * as kumaraswamyTwin from "../../reference/distributions/kumaraswamy.ts";
import * as laplaceTwin from "../../reference/distributions/laplace.ts";
import * as logNormalTwin from "../../reference/distributions/log-normal.ts";
import * as truncatedTwin from "../../reference/distributions/truncated-normal.ts";
import * as weibullTwin from "../../reference/distributions/weibull.ts";
import { normalQuantile } from "../../reference/math/normal-quantile.ts";
import { type Noise, standard } from "../../reference/random/noise.ts";
import { half32, half64 } from "../../reference/random/unit.ts";
import { stream as words } from "../../reference/random/stream.ts";
import { cauchy, halfNormal, kumaraswamy, laplace, logNormal, truncatedNormal, weibull } from "../../src/distributions/index.ts";
import type { Points } from "../../src/core/core.ts";
import { key } from "../../src/key.ts";
import { arrayOf } from "../../src/parameters.ts";
import { stage, stream } from "../laws/stage.ts";

const ends = { low: -1, high: 2 } as const;

/** For each family: parameters, the noise that the twin takes, x of it, and x of a uniform given from outside. */
const families = [
  { family: laplace, problem: { location: 0.5, logScale: 0.25 }, noise: "laplace", x: (n: number) => laplaceTwin.sample(n, 0.5, 0.25), inverse: (u: number) => laplaceTwin.sample(laplaceTwin.quantile(u), 0.5, 0.25) },
  { family: cauchy, problem: { location: 0.5, logScale: 0.25 }, noise: "cauchy", x: (n: number) => cauchyTwin.sample(n, 0.5, 0.25), inverse: (u: number) => cauchyTwin.sample(cauchyTwin.quantile(u), 0.5, 0.25) },
  { family: logNormal, problem: { location: 0.5, logScale: -0.5 }, noise: "normal", x: (n: number) => logNormalTwin.sample(n, 0.5, -0.5), inverse: (u: number) => logNormalTwin.sample(normalQuantile(u), 0.5, -0.5) },
  { family: halfNormal, problem: { logScale: 0.25 }, noise: "normal", x: (n: number) => halfNormalTwin.sample(n, 0.25), inverse: (u: number) => halfNormalTwin.sample(normalQuantile((1 - u) / 2), 0.25) },
  { family: weibull, problem: { logScale: 0.5, logConcentration: 0.75 }, noise: "gumbel", x: (n: number) => weibullTwin.sample(Math.exp(-n), 0.5, 0.75), inverse: (u: number) => weibullTwin.sample(-Math.log1p(-u), 0.5, 0.75) },
  { family: kumaraswamy, problem: { logConcentration1: 0.75, logConcentration0: 0.25 }, noise: "fine", x: (n: number) => kumaraswamyTwin.sample(n, 0.75, 0.25), inverse: (u: number) => kumaraswamyTwin.sample(-Math.log1p(-u), 0.75, 0.25) },
] as const satisfies readonly { readonly noise: Noise; readonly [name: string]: unknown }[];

const tolerance = { f64: 4e-15, f32: 4e-6 } as const;

function agree(seen: ArrayLike<number>, expected: ArrayLike<number>, allowed: number, what: string): void {
  expect(seen.length).toBe(expected.length);
  for (let i = 0; i < seen.length; i++) {
    if (!(Math.abs(seen[i]! - expected[i]!) <= allowed * Math.max(1, Math.abs(expected[i]!)))) expect.fail(`${what} ${i}: expected ${expected[i]}, got ${seen[i]}`);
  }
}

const filled = (problem: Readonly<Record<string, number>>, dim: number) => Object.fromEntries(Object.entries(problem).map(([name, value]) => [name, Array<number>(dim).fill(value)]));

for (const { family, problem, noise, x, inverse } of families) {
  for (const precision of ["f64", "f32"] as const) {
    it(`draws as its twin does: ${family.name} in ${precision}`, () => {
      const { low, high } = key(11);
      for (const dim of [1, 3, 17]) {
        using at = stage(family(dim), precision, [filled(problem, dim)]);
        for (const rows of [0, 1, 3, 7, 341, 1023]) {
          const twin = standard(noise, precision === "f64" ? 64 : 32, rows * dim, { low, high, site: 5, chunk: 9 });
          agree(at.sample(rows, stream(11, 5, 9)), twin.map(x), tolerance[precision], `draw of ${rows} × ${dim},`);
          const u = arrayOf(precision, rows * dim).map((_: number, i: number) => (((i * 7919) % 1021) + 0.5) / 1021) as Points;
          agree(at.invert(u).x, Float64Array.from(u, inverse), 4 * tolerance[precision], `quantile of ${rows} × ${dim},`);
        }
      }
    });
  }
}

for (const precision of ["f64", "f32"] as const) {
  it(`draws as its twin does: truncatedNormal in ${precision}`, () => {
    const { low, high } = key(11);
    const bits = precision === "f64" ? 64 : 32;
    for (const dim of [1, 3, 17]) {
      using at = stage(truncatedNormal(dim, ends), precision, [filled({ location: 0.5, logScale: 0.25 }, dim)]);
      for (const rows of [0, 1, 3, 7, 341, 1023]) {
        const count = rows * dim;
        const random = Uint32Array.from({ length: ((count + 7) & ~7) * (bits / 32) }, words(low, high, 5, 9));
        const u = Float64Array.from({ length: count }, (_, i) => {
          const [v, top] = bits === 32 ? [half32(random[i]!), random[i]!] : [half64(random[2 * i]!, random[2 * i + 1]!), random[2 * i + 1]!];
          return top >>> 31 === 1 ? 1 - v : v;
        });
        const { x, noise } = at.draw(rows, stream(11, 5, 9));
        agree(x, u.map((each) => truncatedTwin.sample(each, ends, 0.5, 0.25)), 4 * tolerance[precision], `draw of ${rows} × ${dim},`);
        agree(noise, u.map((each, i) => (noise[i]! < 0 ? each - 1 : each)), tolerance[precision], `noise of ${rows} × ${dim},`);
      }
    }
  });
}
