import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { digamma } from "../../reference/math/digamma.ts";
import { lgamma } from "../../reference/math/lgamma.ts";
import { normalQuantile } from "../../reference/math/normal-quantile.ts";
import { sigmoid } from "../../reference/math/sigmoid.ts";
import { softplus } from "../../reference/math/softplus.ts";

type Point = [x: number | null, y: number | null, rest: number];
const vectors = JSON.parse(readFileSync(new URL("../vectors/math.json", import.meta.url), "utf8")) as Record<string, Point[]>;

test("the twins in plain TypeScript agree with the hard points to 1e-13 of the larger of the value and 1", () => {
  for (const twin of [digamma, lgamma, normalQuantile, sigmoid, softplus]) {
    for (const [x, y] of vectors[`${twin.name}64`]!) {
      const got = twin(x ?? NaN), truth = y ?? NaN;
      const near = Object.is(got, truth) || got === truth || Math.abs(got - truth) <= 1e-13 * Math.max(1, Math.abs(truth));
      expect(near, `${twin.name}(${x}) is ${truth}, the twin says ${got}`).toBe(true);
    }
  }
});
