import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as reference from "../../reference/transport/gumbel-sinkhorn.ts";
import { borrow, instance, type Points, type Precision } from "../../src/core/core.ts";
import { permutation } from "../../src/distributions/permutation.ts";
import { matching } from "../../src/index.ts";
import { laws } from "../laws.ts";
import { type Problem, stage, stream } from "../laws/stage.ts";

const sum = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0);
/** Whether the rows and columns of a matrix of zeros and ones have one 1 each. */
const isPermutation = (x: ArrayLike<number>, n: number): boolean =>
  Array.from(x).every((each) => each === 0 || each === 1) && Array.from({ length: n }, (_, i) => [0, 1].map((side) => sum(Array.from({ length: n }, (__, j) => x[side === 0 ? i * n + j : j * n + i]!)))).flat().every((each) => each === 1);

/** P(both stay) of two items: two differences of Gumbel variables, each logistic, against −s; P(L₁ + L₂ ≤ s) = eˢ (eˢ − 1 − s) / (eˢ − 1)². */
function stays({ logits }: Problem): number {
  const s = logits![0]! + logits![3]! - logits![1]! - logits![2]!;
  return Math.abs(s) < 1e-3 ? 0.5 + s / 6 : (Math.exp(s) * (Math.exp(s) - 1 - s)) / (Math.exp(s) - 1) ** 2;
}

const extremes = [[1e30, -1e30, 0, 1e30], [0, 0, 0, 0], [1e4, 1e4, 1e4, 1e4], [-700, -745, -800, 0]].map((logits) => ({ logits }));

laws("permutation(2)", {
  family: permutation(2),
  problems: [{ logits: [0.3, -1.2, 2, 0] }, { logits: [0, 0, 0, 0] }, { logits: [1.5, 0.2, -0.5, 1] }],
  support: (_, draw) => isPermutation(draw, 2),
  moments: (problem) => {
    const p = stays(problem);
    return { mean: [p, 1 - p, 1 - p, p], variance: Array<number>(4).fill(p * (1 - p)) };
  },
  edges: { f64: [...extremes, { logits: [1.7e308, -1.7e308, 0, 1.7e308] }], f32: extremes },
});

laws("permutation(3)", {
  family: permutation(3),
  problems: [{ logits: [0.3, -1.2, 2, 0, 0.4, 0.1, -0.3, 1, 0.7] }, { logits: [3, 0, 0, 0, 3, 0, 0, 0, 3] }],
  support: (_, draw) => isPermutation(draw, 3),
});

laws("permutation(1)", { family: permutation(1), problems: [{ logits: [0.3] }], support: (x) => x === 1, moments: () => ({ mean: [1], variance: [0] }) });

/** Standard normal-ish numbers of no pattern. */
const scores = (n: number, seed: number): Float64Array => Float64Array.from({ length: n * n }, (_, k) => Math.sin(12.9898 * (k + 1) * seed) + Math.cos(78.233 * (k + 3) + seed));

describe.each(["f64", "f32"] as const satisfies readonly Precision[])("the relaxation in %s", (precision) => {
  const within = precision === "f64" ? 1e-10 : 2e-6;
  const narrow = (x: Float64Array): Points => (precision === "f64" ? x : Float32Array.from(x));

  test.each([[1, 1], [2, 0.5], [5, 1], [5, 0.2], [7, 0.1], [10, 1], [10, 0.3], [17, 0.5], [33, 1], [40, 0.3]])("of %i items at %f is where Sinkhorn's iteration ends, and its derivative that of the limit", (n, temperature) => {
    using at = stage(permutation(n), precision, [{ logits: Array<number>(n * n).fill(0) }]);
    const { soften, pull } = permutation(n).relaxation;
    const z = narrow(scores(n, 3));
    const y = at.run([z, n * n], ([from, to]) => soften(at.kernels, 1, from!, temperature, to!))[1]!;
    const plain = new Float64Array(n * n);
    reference.soften(n, Float64Array.from(z), temperature, plain);
    y.forEach((each: number, k: number) => expect(Math.abs(each - plain[k]!)).toBeLessThan(within));
    const cotangent = narrow(scores(n, 5));
    const pulled = at.run([y, cotangent, n * n], ([yAt, c, out]) => pull(at.kernels, 1, yAt!, temperature, c!, out!))[2]!;
    const expected = new Float64Array(n * n);
    reference.pull(n, plain, temperature, cotangent, expected);
    pulled.forEach((each: number, k: number) => expect(Math.abs(each - expected[k]!)).toBeLessThan((precision === "f64" ? 1e-9 : 1e-4) / temperature));
  });

  test.each([3, 10, 30, 101])("of %i items has sums 1 at every temperature, and at the lowest is the matching", (n) => {
    const family = permutation(n);
    using at = stage(family, precision, [{ logits: Array<number>(n * n).fill(0) }]);
    const { soften, pull } = family.relaxation;
    const rows = n > 50 ? 1 : 4;
    const z = at.run([rows * n * n], ([out]) => family.relaxation.latent.draw(at.kernels, stream(n), rows, at.theta, 0, out!))[0]!;
    for (const temperature of [1e4, 1, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-6, 1e-300]) {
      const y = at.run([z, rows * n * n], ([from, to]) => soften(at.kernels, rows, from!, temperature, to!))[1]!;
      for (let r = 0; r < rows; r++) {
        for (let i = 0; i < n; i++) {
          const [row, column] = [0, 1].map((side) => sum(Array.from({ length: n }, (_, j) => y[r * n * n + (side === 0 ? i * n + j : j * n + i)]!)));
          expect(Math.abs(row! - 1), `row ${i} at ${temperature}`).toBeLessThan(precision === "f64" ? 1e-12 : 2e-6);
          expect(Math.abs(column! - 1), `column ${i} at ${temperature}`).toBeLessThan(precision === "f64" ? 1e-9 : 2e-6);
        }
      }
      const pulled = at.run([y, z, rows * n * n], ([yAt, c, out]) => pull(at.kernels, rows, yAt!, temperature, c!, out!))[2]!;
      expect(pulled.every(Number.isFinite)).toBe(true);
      if (temperature > 1e-6) continue;
      const { columns } = matching(z, { rows: n, columns: n, batch: rows });
      columns.forEach((j, i) => expect(y[i * n + j]).toBeCloseTo(1, 6));
    }
  });
});

describe("permutation", () => {
  test("draws the matching of its latent at the same key", () => {
    using at = stage(permutation(6), "f64", [{ logits: [...scores(6, 2)] }]);
    const { latent } = permutation(6).relaxation;
    const z = at.run([50 * 36], ([out]) => latent.draw(at.kernels, stream(4), 50, at.theta, 0, out!))[0]!;
    const { columns } = matching(z, { rows: 6, columns: 6, batch: 50 });
    const x = at.sample(50, stream(4));
    columns.forEach((j, i) => expect(x[i * 6 + j]).toBe(1));
    expect(sum(x)).toBe(300);
  });

  test("takes no room that memory would have to grow for while views of it are lent", () => {
    const core = instance({ module: new WebAssembly.Module(readFileSync("build/kernels.wasm")) });
    const { kernels, heap } = core;
    const room = heap.buffer().byteLength;
    core.lend(() => {
      expect(() => borrow(kernels.f64, room, "permutation", () => undefined)).toThrow(`permutation: needs ${room} bytes more than there are while f holds arrays of this core.`);
      borrow(kernels.f32, 1024, "permutation", (at) => expect(at).toBeGreaterThan(0));
    });
    borrow(kernels.f64, room, "permutation", () => expect(heap.buffer().byteLength).toBeGreaterThan(room));
    expect(heap.used()).toBe(0);
  });

  test("refuses what is no number of items, and logits that are not finite", () => {
    expect(() => permutation(0)).toThrow('permutation: "n" expected integer >= 1, got 0');
    expect(() => stage(permutation(2), "f64", [{ logits: [0, Infinity, 0, 0] }])).toThrow('test: "params.logits[1]" expected a finite number, got Infinity');
  });
});

/** The score of z = logits + Gumbel noise by each logit, 1 − exp(logit − z): what REBAR and RELAX take where x has none. */
describe.each(["f64", "f32"] as const)("the score of the latent in %s", (precision) => {
  const array = (values: readonly number[]): Points => ((precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor).from(values);

  test.each([1, 2, 3, 5, 8])("of %s items is that of the Gumbel density, added, for a batch of problems", (n) => {
    const width = n * n;
    const problems = [0, 1, 2].map((b) => ({ logits: Array.from({ length: width }, (_, k) => Math.sin(k * k + b)) }));
    const p = permutation(n);
    using at = stage(p, precision, problems);
    const rows = 7;
    const z = at.run([rows * width], ([out]) => p.relaxation.latent.draw(at.kernels, stream(), rows, at.theta, 0, out!))[0]!;
    const coefficient = array(Array.from({ length: rows }, (_, r) => r - 2.5));
    const before = array(Array<number>(rows * width).fill(0.5));
    const terms = at.run([z, coefficient, before], ([from, c, to]) => p.latentScore(at.kernels, rows, at.theta, from!, c!, to!))[2]!;
    terms.forEach((own: number, i: number) => {
      const [r, k] = [Math.floor(i / width), i % width];
      const exact = 0.5 + coefficient[r]! * (1 - Math.exp(array(problems[r % 3]!.logits)[k]! - z[i]!));
      expect(Math.abs(own - exact)).toBeLessThan((precision === "f64" ? 1e-13 : 1e-5) * (1 + Math.abs(exact)));
    });
  });

  test("has mean zero", () => {
    const p = permutation(2);
    using at = stage(p, precision, [{ logits: [0.4, -2, 1, 0] }]);
    const rows = 20_000;
    const z = at.run([rows * 4], ([out]) => p.relaxation.latent.draw(at.kernels, stream(), rows, at.theta, 0, out!))[0]!;
    const terms = at.run([z, array(Array<number>(rows).fill(1)), rows * 4], ([from, c, to]) => {
      at.kernels.arrayFill(rows * 4, 0, to!);
      p.latentScore(at.kernels, rows, at.theta, from!, c!, to!);
    })[2]!;
    // The score is 1 less a standard exponential: of variance 1.
    for (let j = 0; j < 4; j++) expect(Math.abs(sum(terms.filter((_: number, i: number) => i % 4 === j)) / Math.sqrt(rows))).toBeLessThan(4);
  });
});
