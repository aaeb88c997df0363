import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { sizeOf } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { near, sumOf } from "./numbers.ts";
import { type Problem, stage } from "./stage.ts";

/** A path pushes as it pulls: ⟨push tangent, cotangent⟩ = ⟨tangent, pull cotangent⟩. */
export function pushLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;

  it("pushes a tangent by the adjoint of what it pulls back by", () => {
    using at = stage(family, precision, problems);
    for (const samples of [0, 1, 3, 7, 17, 341, 1025]) {
      const rows = samples * batch;
      const { x, noise } = at.draw(rows);
      const wave = (length: number, step: number): Points => arrayOf(precision, length).map((_: number, i: number) => ((i * step) % 11) / 4 - 1.25) as Points;
      const tangent = wave(rows * sizeOf(family.params), 5);
      const cotangent = wave(x.length, 7);
      const pushed = at.run([noise, x, tangent, x.length], ([n, a, t, o]) => family.path!.push!(at.kernels, rows, at.theta, n!, a!, t!, o!))[3]!;
      const pulled = at.pull(x, noise, cotangent);
      const product = (a: Points, b: Points): number => sumOf(a.map((v: number, i: number) => v * b[i]!) as Points);
      near(product(pushed, cotangent), product(tangent, pulled), (precision === "f64" ? 1e-13 : 1e-5) * (1 + rows), `of ${rows} rows`);
    }
  });
}
