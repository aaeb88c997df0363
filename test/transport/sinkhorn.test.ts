import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createCore, sinkhorn, sinkhornSteps, type Transport } from "../../src/index.ts";
import { apart, bell, largest, masses, sums, unit } from "./numbers.ts";

interface Recorded {
  readonly C?: readonly number[][];
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly eps: number;
  readonly P: readonly number[][];
  readonly cost: number;
  readonly f_centered: readonly number[];
  readonly g: readonly number[];
  readonly log_alpha?: readonly number[][];
  readonly temp: number;
  readonly n_iters: number;
}

const recorded: readonly Recorded[] = JSON.parse(readFileSync(new URL("../vectors/sinkhorn.json", import.meta.url), "utf8"));
const plans = recorded.filter(({ C, eps }) => C !== undefined && eps >= 0.1);
const operators = recorded.filter(({ log_alpha: logits }) => logits !== undefined);
const COST = Float64Array.of(0.1, 0.7, 0.4, 0.5, 0.2, 0.9, 0.8, 0.6, 0.3);
const HALVES = Float64Array.of(0, 1, 1, 0);

describe("the plan", () => {
  test("of two by two is the closed form", () => {
    const found = sinkhorn({ cost: HALVES }, { rows: 2, columns: 2, regularization: 1 });
    const near = 0.36552928931500245;
    expect(apart(found.plan(), [near, 0.5 - near, 0.5 - near, near])).toBeLessThan(1e-15);
    expect(found.transportCost[0]).toBeCloseTo(0.26894142136999516, 14);
    expect(found.converged).toEqual([true]);
  });

  test.each(plans)("of three by three agrees with the recorded one, its potentials and its cost, ε = $eps, b = $b", ({ C, a, b, eps, P, cost, f_centered: f, g }) => {
    const found = sinkhorn({ cost: Float64Array.from(C!.flat()), rowMarginals: Float64Array.from(a), columnMarginals: Float64Array.from(b) }, { rows: 3, columns: 3, regularization: eps, tolerance: 1e-13 });
    expect(apart(found.plan(), P.flat())).toBeLessThan(1e-12);
    expect(apart(found.rowPotentials, f)).toBeLessThan(1e-12);
    expect(apart(found.columnPotentials, g)).toBeLessThan(1e-11);
    expect(Math.abs(found.transportCost[0]! - cost)).toBeLessThan(1e-12);
    expect(Math.abs(found.rowPotentials.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-14);
  });

  test("at low regularization comes to the cheapest assignment, and to the exact plan's cost", () => {
    const settings = { rows: 3, columns: 3, regularization: 0.01, tolerance: 1e-12, anderson: 5 };
    expect(sinkhorn({ cost: COST }, settings).transportCost[0]).toBeCloseTo(0.2, 6);
    expect(sinkhorn({ cost: COST, columnMarginals: Float64Array.of(0.2, 0.5, 0.3) }, settings).transportCost[0]).toBeCloseTo(0.29, 6);
    const hard = sinkhorn({ cost: HALVES }, { rows: 2, columns: 2, regularization: 1e-3 }).plan();
    expect(apart(hard, [0.5, 0, 0, 0.5])).toBeLessThan(1e-12);
  });

  test("at high regularization is the product of the marginals", () => {
    const [a, b] = [masses(5, 1), masses(7, 2)];
    const plan = sinkhorn({ cost: unit(35, 3), rowMarginals: a, columnMarginals: b }, { rows: 5, columns: 7, regularization: 1e5 }).plan();
    expect(apart(plan, Array.from({ length: 35 }, (_, k) => a[Math.floor(k / 7)]! * b[k % 7]!))).toBeLessThan(1e-5);
  });

  test.each(operators)("of logits after $n_iters iterations, rows first, is the recorded one, τ = $temp", ({ log_alpha: logits, temp, n_iters: count, P }) => {
    for (const domain of ["exponential", "logarithmic"] as const) {
      const settings = { rows: 3, columns: 3, temperature: temp, tolerance: 0, maximumIterations: count, domain };
      expect(apart(sinkhorn({ logits: Float64Array.from(logits!.flat()) }, settings).plan(), P.flat())).toBeLessThan(5e-15);
      expect(apart(sinkhorn({ logits: Float32Array.from(logits!.flat()) }, settings).plan(), P.flat())).toBeLessThan(1e-6);
    }
  });

  test("of cold logits creeps: the largest error of a row after 1, 5, 20 and 100 iterations", () => {
    for (const [maximumIterations, error] of [[1, 5.7e-3], [5, 5.4e-3], [20, 4.5e-3], [100, 2.1e-3]] as const) {
      const plan = sinkhorn({ logits: Float64Array.of(0.3, -1.2, 0.8, 1.1, 0.4, -0.5, -0.7, 0.9, 0.2) }, { rows: 3, columns: 3, temperature: 0.1, tolerance: 0, maximumIterations }).plan();
      expect(Math.abs(apart(sums(plan, 3, 3, "rows"), [1, 1, 1]) - error)).toBeLessThan(5.1e-5);
    }
  });

  test.each([[2, 1], [2, 10], [5, 2], [10, 1], [10, 10]])("of normal logits is doubly stochastic to 1e-3 after 20 iterations, N = %i, %i at once", (n, batch) => {
    const plan = sinkhorn({ logits: bell(batch * n * n, n) }, { rows: n, columns: n, temperature: 1, tolerance: 0, maximumIterations: 20 }).plan();
    for (let p = 0; p < batch; p++) {
      for (const side of ["rows", "columns"] as const) expect(apart(sums(plan.subarray(p * n * n), n, n, side), new Float64Array(n).fill(1))).toBeLessThan(1e-3);
    }
  });

  test("of hot logits is uniform, of cold ones a permutation", () => {
    const logits = bell(25, 7);
    expect(apart(sinkhorn({ logits }, { rows: 5, columns: 5, temperature: 1e5 }).plan(), new Float64Array(25).fill(0.2))).toBeLessThan(1e-3);
    const cold = sinkhorn({ logits }, { rows: 5, columns: 5, temperature: 1e-3, annealing: { from: 1 }, maximumIterations: 5000 });
    expect(cold.converged).toEqual([true]);
    expect(largest(cold.plan().map((x) => Math.min(x, 1 - x)))).toBeLessThan(1e-6);
  });

  test("of one row, one column and one cell is the marginals", () => {
    const [a, b] = [masses(6, 1), Float64Array.of(1)];
    expect(apart(sinkhorn({ cost: unit(6, 2), rowMarginals: a, columnMarginals: b }, { rows: 6, columns: 1, regularization: 0.1 }).plan(), a)).toBeLessThan(1e-15);
    expect(apart(sinkhorn({ cost: unit(6, 2), rowMarginals: b, columnMarginals: a }, { rows: 1, columns: 6, regularization: 0.1 }).plan(), a)).toBeLessThan(1e-15);
    expect(Array.from(sinkhorn({ cost: Float32Array.of(-3) }, { rows: 1, columns: 1, regularization: 0.1 }).plan())).toEqual([1]);
  });

  test("is batched problem by problem: each as if it were alone", () => {
    const [cost, a] = [unit(3 * 20, 5), Float64Array.from([...masses(4, 1), ...masses(4, 2), ...masses(4, 3)])];
    const settings = { rows: 4, columns: 5, regularization: 0.05 };
    const all = sinkhorn({ cost, rowMarginals: a }, settings);
    for (let p = 0; p < 3; p++) {
      const alone = sinkhorn({ cost: cost.slice(20 * p, 20 * p + 20), rowMarginals: a.slice(4 * p, 4 * p + 4) }, settings);
      expect(Array.from(all.plan().subarray(20 * p, 20 * p + 20))).toEqual(Array.from(alone.plan()));
      expect(all.iterations[p]).toBe(alone.iterations[0]);
      expect(all.transportCost[p]).toBe(alone.transportCost[0]);
    }
  });
});

describe("marginals that are paid for", () => {
  const settings = { rows: 2, columns: 2, regularization: 1, rowStrength: 1, columnStrength: 1, tolerance: 1e-13 };

  test("give the closed form, with entropy relative to 1 and, by a shift of the cost, to a ⊗ b", () => {
    const near = (0.5 / (1 + Math.exp(-1))) ** (2 / 3); // u = v = s, s = (½ / (s + s / e))^½
    expect(apart(sinkhorn({ cost: HALVES }, settings).plan(), [near, near / Math.E, near / Math.E, near])).toBeLessThan(1e-13);
    const relative = (a: number[], b: number[]): Transport<Float64Array> =>
      sinkhorn({ cost: HALVES.map((x, k) => x - Math.log(a[k >> 1]! * b[k & 1]!)), rowMarginals: Float64Array.from(a), columnMarginals: Float64Array.from(b) }, settings);
    expect(apart(relative([0.5, 0.5], [0.5, 0.5]).plan(), [0.32205357484907, 0.11847688914274, 0.11847688914274, 0.32205357484907])).toBeLessThan(1e-13);
    const plan = relative([0.5, 0.1], [0.5, 0.5]).plan();
    expect(plan[1]! + plan[2]!).toBeCloseTo(0.19600122511679, 13);
  });

  test("hold when they are dear, and the objective is what the plan makes least", () => {
    const [a, b] = [masses(4, 1), masses(3, 2).map((x) => 2 * x)];
    const problem = { cost: unit(12, 3), rowMarginals: a, columnMarginals: b };
    const dear = sinkhorn(problem, { rows: 4, columns: 3, regularization: 0.2, rowStrength: 1e9, columnStrength: 0.1, tolerance: 1e-13, maximumIterations: 20000 });
    expect(apart(sums(dear.plan(), 4, 3, "rows"), a)).toBeLessThan(1e-8);
    const found = sinkhorn(problem, { rows: 4, columns: 3, regularization: 0.2, rowStrength: 0.5, columnStrength: 0.3, tolerance: 1e-14 });
    const plan = found.plan();
    const divergence = (x: Float64Array, y: Float64Array): number => x.reduce((sum, each, i) => sum + each * Math.log(each / y[i]!) - each + y[i]!, 0);
    const entropy = plan.reduce((sum, x) => sum + x * (Math.log(x) - 1), 0);
    const value = found.transportCost[0]! + 0.2 * entropy + 0.5 * divergence(sums(plan, 4, 3, "rows"), a) + 0.3 * divergence(sums(plan, 4, 3, "columns"), b);
    expect(found.objective[0]).toBeCloseTo(value, 12);
  });
});

describe("a result", () => {
  test("that did not converge says so, and has no NaN", () => {
    const found = sinkhorn({ logits: bell(64, 2) }, { rows: 8, columns: 8, temperature: 0.01, maximumIterations: 1 });
    expect(found.converged).toEqual([false]);
    expect(found.iterations).toEqual([1]);
    expect(found.marginalError[0]).toBeGreaterThan(1e-3);
    expect([found.plan(), found.rowPotentials, found.columnPotentials].every((array) => array.every(Number.isFinite))).toBe(true);
  });

  test("reports the error of its plan's marginals", () => {
    for (const maximumIterations of [1, 4, 12]) {
      const found = sinkhorn({ cost: unit(35, 4) }, { rows: 5, columns: 7, regularization: 0.05, maximumIterations, tolerance: 1e-14 });
      const missing = sums(found.plan(), 5, 7, "rows").reduce((sum, x) => sum + Math.abs(x - 1 / 5), 0);
      expect(found.marginalError[0]).toBeCloseTo(missing, 13);
    }
  });

  test("warms up a next run: its own potentials converge at once, also in f32", () => {
    for (const array of [Float64Array, Float32Array] as const) {
      const [problem, settings] = [{ cost: array.from(unit(80, 4)) as Float64Array }, { rows: 8, columns: 10, regularization: 0.02 }];
      const first = sinkhorn(problem, settings);
      expect(first.converged).toEqual([true]);
      const again = sinkhorn(problem, { ...settings, start: first });
      expect(again.iterations[0]).toBeLessThanOrEqual(array === Float64Array ? 1 : 3);
      expect(again.converged).toEqual([true]);
    }
  });

  test("does not change when the caller's arrays do", () => {
    const cost = unit(12, 1);
    const found = sinkhorn({ cost }, { rows: 3, columns: 4, regularization: 0.1 });
    const before = found.plan();
    cost.fill(0);
    expect(Array.from(found.plan())).toEqual(Array.from(before));
  });

  test("does not depend on the core", () => {
    const [problem, settings] = [{ cost: unit(30, 1) }, { rows: 5, columns: 6, regularization: 0.1 }];
    expect(Array.from(createCore().sinkhorn(problem, settings).plan())).toEqual(Array.from(sinkhorn(problem, settings).plan()));
  });
});

describe("every temperature", () => {
  test.each([[Float32Array, [1, 0.1, 0.02, 0.005]], [Float64Array, [1, 0.02, 1e-3, 1e-4]]] as const)("gives the plan of the log domain, %o", (array, temperatures) => {
    for (const temperature of temperatures) {
      const logits = array.from(unit(12 * 9, 3)) as Float64Array;
      const settings = { rows: 12, columns: 9, temperature, tolerance: 0, maximumIterations: 200 };
      const [found, log] = [sinkhorn({ logits }, settings), sinkhorn({ logits }, { ...settings, domain: "logarithmic" })];
      expect(apart(found.plan(), log.plan())).toBeLessThan((array === Float32Array ? 2e-6 : 1e-14) * (1 + 1 / temperature));
      expect(found.plan().every(Number.isFinite)).toBe(true);
      // Columns hold after every whole iteration.
      expect(apart(sums(found.plan(), 12, 9, "columns"), new Float64Array(9).fill(12 / 9))).toBeLessThan(array === Float32Array ? 1e-5 : 1e-13);
    }
  });

  test("at a regularization of 1e-5 the stabilised iteration and the log domain agree to 1e-6", () => {
    const points = Array.from({ length: 10 }, (_, i) => bell(2, i));
    const cost = Float64Array.from({ length: 100 }, (_, k) => points[Math.floor(k / 10)]!.reduce((sum, x, d) => sum + (x - points[k % 10]![d]! - 0.1) ** 2, 0));
    const settings = { rows: 10, columns: 10, regularization: 1e-5, maximumIterations: 1000 };
    const [found, log] = [sinkhorn({ cost }, settings), sinkhorn({ cost }, { ...settings, domain: "logarithmic" })];
    expect(apart(found.plan(), log.plan())).toBeLessThan(1e-6);
  });

  test("and 2,000 × 2,000", () => {
    const n = 2000;
    const cost = new Float32Array(n * n).map((_, k) => Math.abs(Math.floor(k / n) - (k % n)) / n);
    const found = sinkhorn({ cost }, { rows: n, columns: n, regularization: 0.05, maximumIterations: 100 });
    expect(found.converged).toEqual([true]);
    expect(found.transportCost[0]).toBeGreaterThan(0.03);
    expect(found.transportCost[0]).toBeLessThan(0.05);
  });

  test.each([1e-4, 1, 1e4])("and every range of costs: × %f", (range) => {
    for (const array of [Float64Array, Float32Array] as const) {
      const found = sinkhorn({ cost: array.from(unit(100, 6).map((x) => x * range)) as Float64Array }, { rows: 10, columns: 10, regularization: range / 20 });
      expect(found.converged).toEqual([true]);
      const plain = sinkhorn({ cost: array.from(unit(100, 6)) as Float64Array }, { rows: 10, columns: 10, regularization: 1 / 20 });
      expect(apart(found.plan(), plain.plan())).toBeLessThan(array === Float64Array ? 1e-9 : 1e-5);
      const cold = sinkhorn({ cost: array.from(unit(100, 6).map((x) => x * range)) as Float64Array }, { rows: 10, columns: 10, regularization: 1e-3 });
      expect(cold.plan().every(Number.isFinite)).toBe(true);
    }
  });
});

describe("other ways to the same plan", () => {
  const [problem, settings] = [{ cost: unit(64, 9) }, { rows: 8, columns: 8, regularization: 0.03, tolerance: 1e-11, maximumIterations: 20000 }];
  const plain = sinkhorn(problem, settings);

  test.each([
    ["annealing", { annealing: { from: 1 } }],
    ["over-relaxation", { overRelaxation: 1.5 }],
    ["adaptive over-relaxation", { overRelaxation: "adaptive" }],
    ["Anderson acceleration", { anderson: 5 }],
    ["all of them", { annealing: { from: 1, factor: 0.5 }, overRelaxation: "adaptive", anderson: 4 }],
    ["the log domain", { domain: "logarithmic" }],
  ] as const)("%s", (_, more) => {
    const found = sinkhorn(problem, { ...settings, ...more });
    expect(found.converged).toEqual([true]);
    expect(apart(found.plan(), plain.plan())).toBeLessThan(1e-9);
  });

  test("are shorter where plain iterations creep", () => {
    expect(plain.iterations[0]).toBeGreaterThan(300);
    for (const more of [{ overRelaxation: "adaptive" }, { anderson: 5 }] as const) expect(sinkhorn(problem, { ...settings, ...more }).iterations[0]).toBeLessThan(plain.iterations[0]! / 2);
  });
});

describe("forbidden cells and rows without mass", () => {
  test("stay empty", () => {
    const cost = unit(12, 3);
    cost[1] = cost[6] = cost[11] = Number.POSITIVE_INFINITY;
    const a = Float64Array.of(0.5, 0, 0.5);
    for (const domain of ["exponential", "logarithmic"] as const) {
      const found = sinkhorn({ cost, rowMarginals: a }, { rows: 3, columns: 4, regularization: 0.1, domain, maximumIterations: 20000 });
      const plan = found.plan();
      expect([1, 4, 5, 6, 7, 11].map((k) => plan[k])).toEqual([0, 0, 0, 0, 0, 0]);
      expect(found.rowPotentials[1]).toBe(Number.NEGATIVE_INFINITY);
      expect(found.transportCost[0]! > 0 && found.objective[0]! < 1).toBe(true);
    }
  });

  test("that leave no plan are refused: at once where one row or column shows it, else when the iterations have not found one", async () => {
    const solve = (cost: Float64Array, a?: Float64Array): unknown => sinkhorn({ cost, ...(a && { rowMarginals: a }) }, { rows: 3, columns: 3, regularization: 0.1, maximumIterations: 500 });
    const closed = unit(9, 1).map((x, k) => (k >= 3 && k < 6 ? Number.POSITIVE_INFINITY : x));
    expect(() => solve(closed)).toThrow('sinkhorn: "cost" expected a cell for the mass of every row, got none in row 1 of problem 0. All its cells are forbidden, or lead where no mass may be.');
    expect(() => solve(unit(9, 1).map((x, k) => (k % 3 === 2 ? Number.POSITIVE_INFINITY : x)))).toThrow("every column, got none in column 2");
    expect(() => solve(closed, Float64Array.of(0.5, 0, 0.5))).not.toThrow();
    // Two rows for one column.
    const hall = unit(9, 1).map((x, k) => ([1, 2, 4, 5].includes(k) ? Number.POSITIVE_INFINITY : x));
    const refusal = '"cost" expected cells for the mass of every set of rows in problem 0, got rows 0, 1 with mass 0.6666666666666666, and for them columns 0 with 0.3333333333333333. Open more cells, move mass';
    expect(() => solve(hall)).toThrow(`sinkhorn: ${refusal}`);
    await expect(async () => {
      for await (const { transport } of sinkhornSteps({ cost: hall }, { rows: 3, columns: 3, regularization: 0.1, maximumIterations: 300 })) expect(transport().plan().every(Number.isFinite)).toBe(true);
    }).rejects.toThrow(`sinkhornSteps: ${refusal}`);
    // Where mass may stay behind for a price there is a plan.
    expect(sinkhorn({ cost: hall }, { rows: 3, columns: 3, regularization: 0.1, rowStrength: 1 }).converged).toEqual([true]);
    // Mass that the open cells do not take, of marginals that are not alike.
    const two = (a: number): unknown => sinkhorn({ cost: Float64Array.of(0, Number.POSITIVE_INFINITY, 0, 1), rowMarginals: Float64Array.of(a, 1 - a), columnMarginals: Float64Array.of(0.5, 0.5) }, { rows: 2, columns: 2, regularization: 1, maximumIterations: 200 });
    expect(() => two(0.7)).toThrow("rows 0 with mass 0.7, and for them columns 0 with 0.5");
    expect(() => two(0.3)).not.toThrow();
  });

  test("are never said to leave no plan where there is one, however hard it is to find", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const numbers = unit(1000, seed), rows = 2 + Math.floor(7 * numbers[0]!), columns = 2 + Math.floor(7 * numbers[1]!);
      const plan = Float64Array.from({ length: rows * columns }, (_, k) => (numbers[2 + k]! < 0.4 ? numbers[200 + k]! : 0));
      for (let i = 0; i < rows; i++) plan[i * columns + (i % columns)]! += 0.01;
      for (let j = 0; j < columns; j++) plan[(j % rows) * columns + j]! += 0.01;
      const rowMarginals = Float64Array.from({ length: rows }, (_, i) => plan.subarray(i * columns, (i + 1) * columns).reduce((a, b) => a + b));
      const columnMarginals = Float64Array.from({ length: columns }, (_, j) => plan.filter((_, k) => k % columns === j).reduce((a, b) => a + b));
      const cost = plan.map((mass, k) => (mass > 0 ? numbers[400 + k]! : Number.POSITIVE_INFINITY));
      expect(() => sinkhorn({ cost, rowMarginals, columnMarginals }, { rows, columns, regularization: 0.001, maximumIterations: 3 }), `seed ${seed}`).not.toThrow();
    }
  });

  test("do not hinder extrapolation from getting there, nor does it hinder plain iterations", () => {
    const cost = Float64Array.from({ length: 60 }, (_, i) => 1e4 * Math.abs(Math.sin(i * i + 1)));
    const error = (anderson: number): number => sinkhorn({ cost }, { rows: 6, columns: 10, regularization: 1, anderson, maximumIterations: 12_000 }).marginalError[0]!;
    // Of five iterates alone it would stay at 0.13.
    for (const memory of [5, 10]) expect(error(memory)).toBeLessThan(error(0));
  });
});

test("the numbers are part of the interface: these are frozen, and the same wherever they are computed", () => {
  const frozen = [
    [Float64Array, 51, [0.004717671466979542, 1.3764161397116977e-22, 0.37028232874690314, 0.24528232853302046, 0.25, 0.1297176712530969], [-0.23951094563843767, 0.23951094563843767]],
    [Float32Array, 35, [0.004717750009149313, 1.376439343527196e-22, 0.37028393149375916, 0.24528226256370544, 0.25, 0.12971603870391846], [-0.23951078951358795, 0.23951078951358795]],
  ] as const;
  for (const [array, iterations, plan, potentials] of frozen) {
    const of = (...numbers: number[]): Float64Array => array.from(numbers) as Float64Array;
    const problem = { cost: of(0.1, 0.7, 0.4, 0.5, 0.2, 0.9), rowMarginals: of(0.375, 0.625), columnMarginals: of(0.25, 0.25, 0.5) };
    const found = sinkhorn(problem, { rows: 2, columns: 3, regularization: 0.02 });
    expect(found.iterations).toEqual([iterations]);
    expect(Array.from(found.plan())).toEqual(plan);
    expect(Array.from(found.rowPotentials)).toEqual(potentials);
  }
});

describe("steps", () => {
  const [problem, settings] = [{ cost: unit(2 * 48, 9) }, { rows: 8, columns: 6, regularization: 0.03, tolerance: 1e-9, maximumIterations: 5000 }];

  test("come to the result of sinkhorn, to the bit", async () => {
    const whole = sinkhorn(problem, settings);
    let [count, last] = [0, undefined as Transport<Float64Array> | undefined];
    let error = Number.POSITIVE_INFINITY;
    for await (const step of sinkhornSteps(problem, { ...settings, every: 7 })) {
      count++;
      expect(step.marginalError).toBeLessThanOrEqual(error * 1.001);
      error = step.marginalError;
      last = step.transport();
    }
    expect(count).toBe(Math.ceil(Math.max(...whole.iterations) / 7));
    expect(last!.iterations).toEqual(whole.iterations);
    expect(Array.from(last!.plan())).toEqual(Array.from(whole.plan()));
    expect(Array.from(last!.rowPotentials)).toEqual(Array.from(whole.rowPotentials));
  });

  test("end when their signal is aborted, and leave no memory behind when nobody goes on", async () => {
    const controller = new AbortController();
    let count = 0;
    for await (const step of sinkhornSteps(problem, { ...settings, tolerance: 0, every: 5, signal: controller.signal })) {
      if (++count === 3) controller.abort();
      expect(step.converged).toBe(0);
    }
    expect(count).toBe(3);
    const small = createCore({ memory: { maximum: 2 ** 21 } });
    const [big, shape] = [{ cost: unit(100 * 100, 1) }, { rows: 100, columns: 100, regularization: 0.1 }];
    for (let i = 0; i < 20; i++) for await (const _ of small.sinkhornSteps(big, { ...shape, every: 1 })) break;
    expect(small.sinkhorn(big, shape).converged).toEqual([true]);
  });
});

describe("errors say what was expected", () => {
  const cost = unit(4, 1);
  const shape = { rows: 2, columns: 2, regularization: 1 };
  test.each([
    ["another sum", () => sinkhorn({ cost, columnMarginals: Float64Array.of(0.5, 0.6) }, shape), 'sinkhorn: "columnMarginals" expected the sum of rowMarginals, 1, in problem 0, got 1.1. Scale one of them'],
    ["a negative marginal", () => sinkhorn({ cost, rowMarginals: Float64Array.of(-0.5, 1.5) }, shape), '"rowMarginals[0]" expected a finite number >= 0, got -0.5'],
    ["no mass", () => sinkhorn({ cost, rowMarginals: new Float64Array(2) }, shape), '"rowMarginals" expected a positive sum'],
    ["NaN", () => sinkhorn({ cost: Float64Array.of(1, 2, Number.NaN, 3) }, shape), '"cost[2]" expected a number, or Infinity, got NaN'],
    ["a cost of −∞", () => sinkhorn({ cost: Float64Array.of(1, 2, 3, Number.NEGATIVE_INFINITY) }, shape), '"cost[3]" expected a number, or Infinity, got -Infinity'],
    ["another shape", () => sinkhorn({ cost: unit(5, 1) }, shape), '"cost" expected a multiple of rows · columns = 4 numbers, got 5'],
    ["mixed precisions", () => sinkhorn({ cost, rowMarginals: new Float32Array(2) as never }, shape), "One call has one precision."],
    ["both forms", () => sinkhorn({ cost, logits: cost } as never, shape), '"problem" expected either cost or logits'],
    ["a temperature of costs", () => sinkhorn({ cost }, { rows: 2, columns: 2, temperature: 1 } as never), 'Say "regularization".'],
    ["no regularization", () => sinkhorn({ cost }, { rows: 2, columns: 2 } as never), '"regularization" expected a number > 0'],
    ["a memory of one", () => sinkhorn({ cost }, { ...shape, anderson: 1 }), '"anderson" expected 0, or 2 to 10, got 1. There is nothing to extrapolate from a single iterate.'],
    ["costs beyond all sums", () => sinkhorn({ cost: Float64Array.of(1e308, -1e308, 1e308, 0) }, { ...shape, regularization: 1e-3 }), '"cost[0]" expected at most 1.1e+298 in size, or Infinity, got 1e+308. Sums of such numbers'],
    ["a regularization beyond all sums", () => sinkhorn({ cost }, { ...shape, regularization: 1e306 }), '"regularization" expected a number > 0, at most 1.1e+301, got 1e+306'],
    ["an unknown option", () => sinkhorn({ cost }, { ...shape, iterations: 3 } as never), '"iterations" expected no such option'],
    ["too long steps", () => sinkhorn({ cost }, { ...shape, overRelaxation: 2 }), '"overRelaxation" expected a number in [1, 2), or "adaptive", got 2'],
    ["annealing from below", () => sinkhorn({ cost }, { ...shape, annealing: { from: 0.5 } }), '"annealing.from" expected a number >= regularization, got 0.5'],
    ["a start of NaN", () => sinkhorn({ cost }, { ...shape, start: { columnPotentials: Float64Array.of(0, Number.NaN) } }), '"start.columnPotentials[1]" expected a number, or -Infinity, got NaN'],
    ["no signal", () => sinkhornSteps({ cost }, { ...shape, signal: 3 as never }), 'sinkhornSteps: "signal" expected an AbortSignal, got 3'],
    ["no strength", () => sinkhorn({ cost }, { ...shape, rowStrength: 0 }), '"rowStrength" expected a number > 0'],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
