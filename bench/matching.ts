/** Linear assignment of random costs against the plain twin; an element is a pair. */
import { matching as plain } from "../reference/transport/matching.ts";
import { matching } from "../src/index.ts";
import type { Case } from "./case.ts";

/** Numbers without order in [0, 1). */
const cost = (i: number): number => Math.abs(Math.sin(i * i + i)) * 0.999;

function square(n: number, batch: number): Case {
  const size = n * n;
  const all = Float64Array.from({ length: batch * size }, (_, i) => cost(i));
  const each = Array.from({ length: batch }, (_, b) => all.subarray(b * size, (b + 1) * size));
  const options = { rows: n, columns: n, batch, minimize: true };
  let own = matching(all, options);
  let sums: number[] = [];
  return {
    name: `matching of ${n}${batch > 1 ? `, ${batch} side by side` : ""}`,
    elements: batch * size,
    kernel: () => void (own = matching(all, options)),
    twin: () => void (sums = each.map((costs) => plain(n, n, costs).reduce((sum, column, row) => sum + costs[row * n + column]!, 0))),
    outcome: () => ({ alike: "values", kernel: own.value, twin: sums, within: 1e-12 }),
  };
}

export const cases: readonly Case[] = [square(10, 1), square(10, 100), square(100, 1), square(1000, 1)];
