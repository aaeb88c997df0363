/** Permutations and rankings as matrices: draws, relaxed draws to the last digits, latents given a ranking, and their derivatives. An element is an entry of a matrix. */
import { pull } from "../reference/transport/gumbel-sinkhorn.ts";
import { matching } from "../reference/transport/matching.ts";
import { iterate, kernelOf, plan } from "../reference/transport/sinkhorn.ts";
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { oneHotPlackettLuce } from "../src/distributions/one-hot-plackett-luce.ts";
import { permutation } from "../src/distributions/permutation.ts";
import type { Case } from "./case.ts";
import { layout, scattered, stream } from "./layout.ts";
import { unit } from "./random.ts";

function draws(precision: Precision, n: number, rows: number): Case {
  const size = n * n;
  const p = permutation(n);
  const { kernels, theta, params, fields } = layout(p, precision, 1, [rows * size], scattered);
  const [costs, own] = [new Float64Array(size), new Float64Array(rows)];
  return {
    name: `permutation sample of ${n} ${precision}`,
    elements: rows * size,
    kernel: () => p.sample(kernels, stream, rows, theta, fields[0]!.at),
    twin() {
      for (let row = 0; row < rows; row++) {
        for (let k = 0; k < size; k++) costs[k] = Math.log(-Math.log(unit())) - params[k]!;
        own[row] = matching(n, n, costs)[0]! < n / 2 ? 1 : 0;
      }
    },
    outcome: () => ({ alike: "moments", kernel: Float64Array.from({ length: rows }, (_, row) => fields[0]!.view().subarray(row * size, row * size + n).indexOf(1) < n / 2 ? 1 : 0), twin: own }),
  };
}

/** Sinkhorn's iteration with products until columns are within the tolerance: what the twin takes for the limit. */
function limit(n: number, z: Float64Array, temperature: number, tolerance: number, y: Float64Array): void {
  const [kernel, u, v, sums, ones] = [new Float64Array(n * n), new Float64Array(n), new Float64Array(n).fill(1), new Float64Array(n), new Float64Array(n).fill(1)];
  kernelOf(1 / temperature, z, kernel);
  for (let count = 0; count < 2e4; count += 8) {
    iterate(n, n, 8, ones, ones, kernel, u, v, sums);
    plan(n, n, kernel, u, v, y);
    let error = 0;
    for (let i = 0; i < n; i++) error += Math.abs(y.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0) - 1);
    if (error <= tolerance) return;
  }
}

function relaxed(precision: Precision, n: number, rows: number, temperature: number): readonly Case[] {
  const size = n * n;
  const p = permutation(n);
  const { latent, soften, pull: pullBack } = p.relaxation;
  const { kernels, theta, fields } = layout(p, precision, 1, [rows * size, rows * size, rows * size, rows * size], scattered);
  const [z, y, cotangent, out] = fields as [Field, Field, Field, Field];
  latent.draw(kernels, stream, rows, theta, 0, z.at);
  soften(kernels, rows, z.at, temperature, y.at);
  cotangent.view().set(cotangent.view().map((_: number, i: number) => scattered(i)) as Float64Array);
  const [copy, weights, plans, slopes] = [Float64Array.from(z.view()), Float64Array.from(cotangent.view()), new Float64Array(rows * size), new Float64Array(rows * size)];
  const each = (use: (from: number, to: number) => void): void => {
    for (let row = 0; row < rows; row++) use(row * size, (row + 1) * size);
  };
  return [
    {
      name: `gumbel-sinkhorn of ${n} at ${temperature} ${precision}`,
      elements: rows * size,
      kernel: () => soften(kernels, rows, z.at, temperature, y.at),
      twin: () => each((from, to) => limit(n, copy.subarray(from, to), temperature, precision === "f32" ? 1e-8 : 1e-13, plans.subarray(from, to))),
      outcome: () => ({ alike: "values", kernel: y.view(), twin: plans, within: precision === "f32" ? 1e-4 : 1e-8 }),
    },
    {
      name: `gumbel-sinkhorn pull-back of ${n} at ${temperature} ${precision}`,
      elements: rows * size,
      kernel: () => pullBack(kernels, rows, y.at, temperature, cotangent.at, out.at),
      twin: () => each((from, to) => pull(n, y.view().subarray(from, to), temperature, weights.subarray(from, to), slopes.subarray(from, to))),
      outcome: () => ({ alike: "values", kernel: out.view(), twin: slopes, within: precision === "f32" ? 1e-4 : 1e-9 }),
    },
  ];
}

/** v by rank and T of a race among items in an order: exponential times between arrivals, their rates those that are still to come. */
function race(order: Int32Array, weights: Float64Array, left: Float64Array, times: Float64Array): void {
  const n = order.length;
  for (let k = n - 1, sum = 0; k >= 0; k--) left[k] = sum += weights[order[k]!]!;
  for (let k = 0, time = 0; k < n; k++) times[k] = time -= Math.log(unit()) / left[k]!;
}

/** The latent of rankings given them. */
function given(precision: Precision, n: number, rows: number): Case {
  const size = n * n;
  const p = oneHotPlackettLuce(n);
  const { kernels, theta, params, fields } = layout(p, precision, 1, [rows * size, rows * size], scattered);
  const [x, z] = fields as [Field, Field];
  p.sample(kernels, stream, rows, theta, x.at);
  const orders = Array.from({ length: rows }, (_, r) => Int32Array.from({ length: n }, (_, k) => x.view().subarray(r * size + k * n, r * size + (k + 1) * n).indexOf(1)));
  const weights = Float64Array.from(params, Math.exp);
  const [left, times, own] = [new Float64Array(n), new Float64Array(n), new Float64Array(rows * size)];
  return {
    name: `ranking of ${n}, latent given it ${precision}`,
    elements: rows * size,
    kernel: () => p.conditional.draw(kernels, stream, rows, theta, x.at, z.at),
    twin: () => orders.forEach((order, r) => {
      race(order, weights, left, times);
      for (let k = 0; k < n; k++) {
        const v = -Math.log(times[k]!);
        for (let place = 0; place < n; place++) own[r * size + place * n + order[k]!] = (1 - (2 * place) / (n - 1)) * v;
      }
    }),
    outcome: () => ({ alike: "moments", kernel: z.view(), twin: own }),
  };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [
  draws(precision, 10, 100), draws(precision, 100, 24), ...relaxed(precision, 10, 100, 1), ...relaxed(precision, 10, 100, 0.5), ...relaxed(precision, 50, 4, 1), given(precision, 10, 1000),
]);
