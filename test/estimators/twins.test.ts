import { describe, expect, it } from "vitest";
import * as coordinates from "../../reference/baselines/per-coordinate.ts";
import * as coins from "../../reference/distributions/bernoulli-weak.ts";
import * as choices from "../../reference/distributions/categorical.ts";
import * as parted from "../../reference/distributions/categorical-weak.ts";
import * as expansions from "../../reference/distributions/expansions.ts";
import * as exponentials from "../../reference/distributions/exponential-weak.ts";
import * as weak from "../../reference/distributions/normal-weak.ts";
import { quantiles } from "../../reference/distributions/quantiles.ts";
import { slopes } from "../../reference/estimators/control-variate.ts";
import * as measures from "../../reference/estimators/measure-valued.ts";
import * as perturbations from "../../reference/estimators/perturbation.ts";
import * as conditional from "../../reference/estimators/rao-blackwell.ts";
import * as taylor from "../../reference/estimators/taylor.ts";
import * as sets from "../../reference/noise/point-sets.ts";
import { standard } from "../../reference/random/noise.ts";
import type { Kernels } from "../../src/core/kernels.ts";
import { region } from "../../src/core/region.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Points } from "../../src/core/core.ts";
import { bernoulli } from "../../src/distributions/bernoulli.ts";
import { categorical } from "../../src/distributions/categorical.ts";
import { gumbel } from "../../src/distributions/gumbel.ts";
import { logistic } from "../../src/distributions/logistic.ts";
import { multivariateNormal } from "../../src/distributions/multivariate-normal.ts";
import { normal } from "../../src/distributions/normal.ts";
import { oneHotCategorical } from "../../src/distributions/one-hot-categorical.ts";
import { exponential } from "../../src/distributions/exponential.ts";
import { cellsOf } from "../../src/noise/sobol.ts";
import { near } from "../laws/numbers.ts";
import { stage, stream, testCore } from "../laws/stage.ts";

const numbers = (n: number, seed: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) * seed) * 1.7 - Math.cos(78.233 * i + seed));

describe.each(["f64", "f32"] as const)("kernels in %s do what their twins do", (precision) => {
  const close = precision === "f64" ? 1e-12 : 3e-5;
  const bits = precision === "f64" ? 52 : 23;
  const narrow = (a: ArrayLike<number>): Points => { const out = arrayOf(precision, a.length); out.set(Array.from(a)); return out; };
  /** Runs a kernel on copies of arrays, in the precision; gives all of them back. */
  function run(arrays: readonly (ArrayLike<number> | number)[], kernel: (kernels: Kernels, at: readonly number[]) => void): readonly Points[] {
    const block = region(testCore(), precision);
    const fields = arrays.map((a) => block.reserve(typeof a === "number" ? a : a.length));
    block.allocate("test");
    fields.forEach((field, i) => typeof arrays[i] !== "number" && field.view().set(narrow(arrays[i] as Points) as Float64Array));
    kernel(testCore().kernels[precision], fields.map(({ at }) => at));
    const out = fields.map((field) => field.view().slice() as Points);
    block.free();
    return out;
  }
  const alike = (seen: ArrayLike<number>, twin: ArrayLike<number>, what: string, tolerance = close): void => {
    expect(seen.length).toBe(twin.length);
    for (let i = 0; i < twin.length; i++) near(seen[i]!, twin[i]!, tolerance, `${what}[${i}]`);
  };

  it.each([[3, 1, 1], [5, 2, 3], [7, 3, 17], [33, 1, 4]])("a baseline per coordinate: %i samples, batch %i, width %i", (samples, batch, width) => {
    const [value, weight, scores] = [samples * batch, samples * batch, samples * batch * width].map((n, i) => narrow(numbers(n, i + 1)));
    const out = run([value!, weight!, 2 * batch * width, scores!, scores!.length], (kernels, [v, c, scratch, s, t]) => kernels.perCoordinateCenter(samples, batch, width, v!, -1, c!, scratch!, s!, t!))[4]!;
    alike(out, coordinates.center(samples, batch, width, value!, weight!.map((w: number) => -w), scores!), "term", precision === "f64" ? 1e-9 : 2e-2);
  });

  it.each([[3, 1, 1], [5, 2, 3], [7, 3, 17], [33, 1, 4]])("the spread of a baseline per coordinate: %i samples, batch %i, width %i", (samples, batch, width) => {
    const [scores, terms, squares] = [samples * batch * width, samples * batch * width, batch * width].map((n, i) => narrow(numbers(n, i + 1)));
    const out = run([scores!, terms!, squares!, 2 * batch * width], (kernels, [s, t, q, scratch]) => kernels.perCoordinateSpread(samples, batch, width, scratch!, s!, t!, q!))[2]!;
    alike(out, coordinates.spread(samples, batch, width, scores!, terms!).map((x, c) => x + squares![c]!), "squares");
  });

  it.each([[6, 1, 1], [7, 3, 2], [33, 2, 3]])("coefficients of control variates: %i samples, batch %i, %i controls", (samples, batch, count) => {
    const rows = samples * batch;
    const f = narrow(numbers(rows, 1));
    const h = Array.from({ length: count }, (_, k) => narrow(numbers(rows, k + 2)));
    const scratch = 2 * count * count + 4 * count;
    const out = run([f, h.flatMap((own) => [...own]), count * rows, count * batch, 2 * scratch, rows, count * rows, rows], (kernels, [v, c, centre, mean, s, coefficient, slope, total]) =>
      kernels.controlVariateApply(count, samples, batch, v!, c!, centre!, mean!, s!, coefficient!, slope!, total!));
    const twin = slopes(samples, batch, f, h);
    twin.forEach((own, k) => alike(out[6]!.subarray(k * rows, (k + 1) * rows), own, `slope ${k}`, precision === "f64" ? 1e-6 : 1e-3));
    alike(out[7]!, Array.from(f, (value, i) => twin.reduce((sum, own, k) => sum - own[i]! * h[k]![i]!, value)), "total", precision === "f64" ? 1e-6 : 1e-3);
  });

  it.each([[1, 1], [3, 7], [17, 33]])("measure-valued terms: %i entries, %i samples", (entries, samples) => {
    const [value, constant] = [narrow(numbers(2 * entries * samples, 1)), narrow(numbers(entries * samples, 2))];
    const out = run([value, constant, entries * samples], (kernels, [v, c, terms]) => {
      kernels.measureValuedWeigh(entries, samples, v!, c!, c!);
      kernels.measureValuedTerms(samples, entries, samples, c!, terms!);
    })[2]!;
    const mean = Array.from({ length: entries }, (_, e) => Array.from({ length: samples }, (_, r) => out[r * entries + e]!).reduce((a, b) => a + b, 0) / samples);
    alike(mean, measures.combine(entries, samples, value, constant).gradient, "gradient");
  });

  it.each([[1, 1], [3, 2], [5, 17]])("perturbed parameters and their terms: %i rows of %i", (rows, width) => {
    const [params, direction, value, other] = [width, rows * width, rows, rows].map((n, i) => narrow(numbers(n, i + 1))) as [Points, Points, Points, Points];
    const [, , moved] = run([params, direction, rows * width], (kernels, [p, d, m]) => kernels.perturbationMove(rows, 1, width, width, 0.3, p!, d!, m!));
    const twin = new Float64Array(rows * width);
    perturbations.move(0.3, params, direction, twin);
    alike(moved!, twin, "moved");
    const coefficient = Array.from(value, (v, r) => (v - other[r]!) / 0.6);
    const terms = run([direction, coefficient, rows * width], (kernels, [d, c, t]) => kernels.perturbationTerms(rows, width, width, d!, c!, t!))[2]!;
    const mean = Array.from({ length: width }, (_, j) => Array.from({ length: rows }, (_, r) => terms[r * width + j]!).reduce((a, b) => a + b, 0) / rows);
    if (rows > 1) alike(mean, perturbations.combine(width, 0.3, direction, value, other).gradient, "gradient");
  });

  it.each([[1, 1, 1], [2, 3, 7], [3, 5, 17]])("Taylor's polynomials: batch %i, dim %i, %i samples", (batch, dim, samples) => {
    const rows = batch * samples;
    const [x, anchor, value, slope, curvature] = [rows * dim, batch * dim, batch, batch * dim, dim * batch * dim].map((n, i) => narrow(numbers(n, i + 1))) as [Points, Points, Points, Points, Points];
    for (const bent of [true, false]) {
      const out = run([x, anchor, value, slope, curvature, 2 * dim, rows], (kernels, [xAt, a, v, g, h, d, o]) => kernels.taylorEvaluate(rows, batch, dim, xAt!, a!, v!, g!, bent ? h! : 0, d!, o!))[6]!;
      alike(out, taylor.evaluate(batch, dim, x, anchor, value, slope, bent ? curvature : undefined), "h");
    }
  });

  it.each([[[2], 5], [[2, 3, 2], 7], [[5, 1, 4], 3]] as const)("means over variables of %j values, %i rows", (sizes, rows) => {
    const points = sizes.reduce<number>((product, size) => product * size, 1);
    const probs = sizes.map((size, k) => Float64Array.from({ length: size }, (_, v) => (2 * (v + 1 + k)) / (size * (size + 1 + 2 * k))));
    const value = narrow(numbers(points * rows, 3));
    const logs = probs.map((own) => narrow(own.map((p) => Math.log(p))));
    const [, weight, mean] = run([value, points * rows, rows, new Float64Array(points).fill(1), ...logs], (kernels, [v, w, m, prob, ...each]) => {
      let stride = 1;
      sizes.forEach((size, k) => {
        kernels.raoBlackwellWeight(1, size, stride, points, each[k]!, prob!);
        stride *= size;
      });
      kernels.raoBlackwellAverage(rows, 1, points, prob!, v!, w!, m!);
    });
    const twin = conditional.average(probs, rows, value);
    alike(mean!, twin.mean, "mean");
    alike(Array.from(twin.weight, (_, v) => weight![v * rows]!), twin.weight, "weight");
  });

  it("point sets, to the bit", () => {
    const { key: { low, high }, site } = stream(3, 5);
    const [setCount, dims] = [3, 4];
    const primes = [2, 3, 5, 7];
    const block = region(testCore(), precision);
    const kernels = testCore().kernels[precision];
    const words = block.reserve(2 * 64 + 8, "f32"), order = block.reserve(256, "f32"), cells = block.reserve(dims * 64, "f32"), bases = block.reserve(dims, "f32");
    const out = block.reserve(64 * setCount * dims);
    block.allocate("test");
    new Uint32Array(testCore().heap.buffer(), cells.at, dims * 64).set(cellsOf(dims, 6));
    new Int32Array(testCore().heap.buffer(), bases.at, dims).set(primes);
    const check = (points: number, twin: (next: ReturnType<typeof sets.wordsOf>, j: number) => Float64Array): void => {
      for (let r = 0; r < setCount; r++) {
        const next = sets.wordsOf(low, high, site, r);
        for (let j = 0; j < dims; j++) expect(Array.from({ length: points }, (_, i) => out.view()[(i * setCount + r) * dims + j]!)).toEqual(Array.from(twin(next, j)));
      }
    };
    kernels.pointSetsStratified(low, high, site, 37, setCount, dims, words.at, order.at, out.at);
    check(37, (next) => sets.stratified(next, 37, bits));
    kernels.pointSetsScrambled(low, high, site, 6, setCount, dims, cells.at, words.at, order.at, out.at);
    check(64, (next, j) => sets.scrambled(next, cellsOf(dims, 6).subarray(64 * j, 64 * (j + 1)), bits));
    kernels.pointSetsHalton(low, high, site, 50, setCount, dims, bases.at, words.at, order.at, out.at);
    check(50, (next, j) => sets.halton(next, 50, primes[j]!, bits));
    block.free();
  });

  it.each([["normal", normal, "mean"], ["gumbel", gumbel, "location"], ["logistic", logistic, "location"], ["exponential", exponential, "logRate"]] as const)("quantiles of %s", (name, family, first) => {
    const dim = 3;
    const p = family(dim);
    const zero = Object.fromEntries(Object.keys(p.params).map((parameter) => [parameter, Array<number>(dim).fill(0)]));
    expect(Object.keys(zero)[0]).toBe(first);
    using at = stage(p, precision, [zero]);
    for (const rows of [1, 7, 341]) {
      const u = narrow(Float64Array.from({ length: rows * dim }, (_, i) => ((i * 37) % 1021 + 0.5) / 1021));
      const x = at.run([u, rows * dim], ([from, to]) => p.quantile.draw(at.kernels, rows, at.theta, from!, 0, to!))[1]!;
      alike(x, Array.from(u, quantiles[name]), "x", precision === "f64" ? 1e-13 : 3e-6);
    }
  });

  it("weak draws of a normal, from the noise of their sites", () => {
    const [mean, logScale, rows] = [0.7, -0.3, 1500];
    using at = stage(normal(1), precision, [{ mean: [mean], logScale: [logScale] }]);
    const scale = Math.exp(logScale);
    const draw = (entry: number): readonly Points[] =>
      at.run([rows, rows, rows, rows], ([x, plus, minus, constant]) => normal(1).weak.draw(at.kernels, stream(2, 9), rows, at.theta, entry, "same", x!, plus!, minus!, constant!));
    const { low, high } = stream(2).key;
    const noise = (kind: "exponential" | "normal" | "uniform", site: number): Float64Array =>
      Float64Array.from([0, 1].flatMap((chunk) => [...standard(kind, precision === "f64" ? 64 : 32, Math.min(1024, rows - 1024 * chunk), { low, high, site, chunk })]));
    const [, plus, minus, constant] = draw(0);
    const e = noise("exponential", 9);
    alike(plus!, e.map((own) => weak.ofMean(own, mean, scale)[0]), "plus");
    alike(minus!, e.map((own) => weak.ofMean(own, mean, scale)[1]), "minus");
    near(constant![0]!, weak.constant(scale), close);
    const [, up, down, one] = draw(1);
    const [z, e2, u] = [noise("normal", 9), noise("exponential", 10), noise("uniform", 11)];
    alike(up!, z.map((own, i) => weak.ofScale(e2[i]!, own, u[i]!, mean, scale)[0]), "plus of the scale");
    alike(down!, z.map((own, i) => weak.ofScale(e2[i]!, own, u[i]!, mean, scale)[1]), "minus of the scale");
    expect(one!.every((c: number) => c === 1)).toBe(true);
  });

  it("weak draws of an exponential and of choices, and their constants", () => {
    const rows = 1000;
    using at = stage(exponential(1), precision, [{ logRate: [0.4] }]);
    const [, plus, minus] = at.run([rows, rows, rows, rows], ([x, up, down, c]) => exponential(1).weak.draw(at.kernels, stream(2, 9), rows, at.theta, 0, "same", x!, up!, down!, c!));
    const { low, high } = stream(2).key;
    const [first, second] = [9, 10].map((site) => standard("exponential", precision === "f64" ? 64 : 32, rows, { low, high, site, chunk: 0 })) as [Float64Array, Float64Array];
    alike(plus!, first.map((e, i) => exponentials.draw(e, second[i]!, 0.4)[0]), "plus");
    alike(minus!, first.map((e, i) => exponentials.draw(e, second[i]!, 0.4)[1]), "minus");

    using flip = stage(bernoulli(3), precision, [{ logits: [0.3, -4, 12] }]);
    [0.3, -4, 12].forEach((logits, entry) => {
      const out = flip.run([21, 21, 21, 7], ([x, up, down, c]) => bernoulli(3).weak.draw(flip.kernels, stream(), 7, flip.theta, entry, "same", x!, up!, down!, c!));
      expect([out[1]![entry], out[2]![entry]]).toEqual([1, 0]);
      near(out[3]![6]! / coins.constant(logits), 1, precision === "f64" ? 1e-13 : 1e-6);
    });

    const logits = [0.3, -1.2, 2, 20];
    using choice = stage(categorical(4), precision, [{ logits }]);
    const probs = choices.probs(logits);
    for (const entry of [0, 3]) {
      const [, , others, constant] = choice.run([20_000, 20_000, 20_000, 20_000], ([x, up, down, c]) => categorical(4).weak.draw(choice.kernels, stream(4), 20_000, choice.theta, entry, "same", x!, up!, down!, c!));
      const twin = parted.split(probs, entry);
      near(constant![5]! / twin.constant, 1, precision === "f64" ? 1e-12 : 1e-5);
      twin.others.forEach((p, k) => near(Array.from(others!).filter((x) => x === k).length / 20_000, p, 4 * Math.sqrt((p * (1 - p)) / 20_000) + 1e-4, `category ${k} but ${entry}`));
    }
  });

  it("means of quadratic functions, and cotangents of means", () => {
    const lower = [0.8, 0, 0, 0.5, -0.6, 0, 0.1, 0.2, 0.3];
    const curvature = [2, 0.3, -0.4, 0.3, 1, 0.7, -0.4, 0.7, -1];
    using full = stage(multivariateNormal(3), precision, [{ mean: [1, 2, 3], scaleTril: lower }]);
    const [, value, gradient] = full.run([narrow(curvature), 1, 12], ([h, v, g]) => multivariateNormal(3).quadratic(full.kernels, full.theta, h!, v!, g!));
    const twin = expansions.quadratic(3, lower, curvature);
    near(value![0]!, twin.value, close);
    alike(gradient!.subarray(3), twin.gradient, "H L");
    const logits = [0.3, -1.2, 2];
    using hot = stage(oneHotCategorical(3), precision, [{ logits }]);
    const pulled = hot.run([narrow([1, -2, 3]), 3], ([c, g]) => oneHotCategorical(3).centre.pull(hot.kernels, 1, hot.theta, c!, g!))[1]!;
    alike(pulled, expansions.choicePull(choices.probs(logits), [1, -2, 3]), "pull");
  });
});
