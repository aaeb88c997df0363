import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { near } from "./numbers.ts";
import { type Family, type Problem, stage, type Stage } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];

function tails(at: Stage, family: Family, x: Points): { readonly below: Points; readonly above: Points } {
  const [, below, above] = at.run([x, x.length, x.length], ([xAt, b, a]) => family.cumulative!(at.kernels, x.length / family.dim, at.theta, xAt!, b!, a!));
  return { below: below!, above: above! };
}

/** Logarithms of both tails: they are one together, their slope is the density, and a quantile lies where it should. */
export function cumulativeLaws({ family, support }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;

  it("has tails that are 1 together, the same in both precisions", () => {
    using at = stage(family, precision, problems);
    using wide = stage(family, "f64", problems);
    for (const samples of SIZES) {
      const x = at.sample(samples * batch);
      const { below, above } = tails(at, family, x);
      const exact = tails(wide, family, Float64Array.from(x));
      below.forEach((low: number, i: number) => {
        near(Math.exp(low) + Math.exp(above[i]!), 1, precision === "f64" ? 4e-15 : 1e-6, `both tails at ${x[i]}`);
        near(low, exact.below[i]!, precision === "f64" ? 0 : 1e-5, `log F(${x[i]})`);
        near(above[i]!, exact.above[i]!, precision === "f64" ? 0 : 1e-5, `log(1 − F(${x[i]}))`);
      });
    }
  });

  if (dim === 1 && precision === "f64") {
    it("rises by the density, far into both tails", () => {
      using at = stage(family, precision, problems);
      const x = at.sample(40 * batch).map((v: number, i: number) => v * [1, 1, 10, 40][i % 4]!) as Points;
      const step = x.map((v: number) => 1e-6 * (Math.abs(v) + 1e-3)) as Points;
      const moved = (sign: number): Points => x.map((v: number, i: number) => v + sign * step[i]!) as Points;
      const [here, high, low, logProb] = [tails(at, family, x), tails(at, family, moved(1)), tails(at, family, moved(-1)), at.logProb(x)];
      x.forEach((v: number, i: number) => {
        // Where log p is so large that its last place is a part of the ratio p / F, there is nothing to compare.
        if (!support(v, [v], problems[i % batch]!) || Math.abs(logProb[i]!) > 1e9) return;
        const slope = (side: "below" | "above"): number => (high[side][i]! - low[side][i]!) / (2 * step[i]!);
        const rounding = (side: "below" | "above"): number => 1e-6 + (1e-15 * Math.abs(here[side][i]!)) / step[i]!;
        near(slope("below"), Math.exp(logProb[i]! - here.below[i]!), rounding("below"), `∂ log F/∂x at ${v}`);
        near(slope("above"), -Math.exp(logProb[i]! - here.above[i]!), rounding("above"), `∂ log(1 − F)/∂x at ${v}`);
      });
    });
  }

  if (family.quantile === undefined) return;
  it("is u at the quantile of u", () => {
    using at = stage(family, precision, problems);
    const u = arrayOf(precision, 99 * batch * dim).map((_: number, i: number) => ((i % 99) + 0.5) / 99) as Points;
    const { below, above } = tails(at, family, at.invert(u).x);
    u.forEach((v: number, i: number) => {
      near(Math.exp(below[i]!), v, precision === "f64" ? 1e-13 : 1e-5, `F at the quantile of ${v}`);
      near(Math.exp(above[i]!), 1 - v, precision === "f64" ? 1e-13 : 1e-5, `1 − F at the quantile of ${v}`);
    });
  });
}
