import { expect, it } from "vitest";
import { type Noise, standard } from "../../reference/random/noise.ts";
import { key } from "../../src/key.ts";
import { exponential, gumbel, logistic, normal, uniform } from "../../src/distributions/index.ts";
import { stage, stream } from "../laws/stage.ts";

const families = {
  uniform: [uniform, { low: 0, high: 1 }],
  exponential: [exponential, { logRate: 0 }],
  normal: [normal, { mean: 0, logScale: 0 }],
  gumbel: [gumbel, { location: 0, logScale: 0 }],
  logistic: [logistic, { location: 0, logScale: 0 }],
} as const;
/** Absolute for numbers of ordinary size, relative for large and, where a family has them, for small ones. */
const tolerance = { f64: 3e-15, f32: 1.5e-6 } as const;

for (const [name, [family, parameters]] of Object.entries(families)) {
  for (const precision of ["f64", "f32"] as const) {
    it(`takes the words of the stream as its twin does: ${name} in ${precision}`, () => {
      const { low, high } = key(11);
      for (const dim of [1, 3, 17]) {
        const problem = Object.fromEntries(Object.entries(parameters).map(([parameter, value]) => [parameter, Array<number>(dim).fill(value)]));
        using at = stage(family(dim), precision, [problem]);
        for (const rows of [0, 1, 3, 7, 341, 1023, 1025]) {
          const x = at.sample(rows, stream(11, 5, 9));
          const first = Math.min(rows, 1024) * dim;
          const twin = [...standard(name as Noise, precision === "f64" ? 64 : 32, first, { low, high, site: 5, chunk: 9 }), ...standard(name as Noise, precision === "f64" ? 64 : 32, x.length - first, { low, high, site: 5, chunk: 10 })];
          twin.forEach((expected, i) => {
            const scale = name === "exponential" ? Math.abs(expected) : Math.max(1, Math.abs(expected));
            if (!(Math.abs(x[i]! - expected) <= tolerance[precision] * scale)) expect.fail(`draw ${i}: expected ${expected}, got ${x[i]}`);
          });
        }
      }
    });
  }
}
