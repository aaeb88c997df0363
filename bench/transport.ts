/** Sinkhorn's iteration against both twins: products of an exponential kernel, and sums in the log domain. An element is an entry of a matrix in one iteration. */
import type { Precision } from "../src/core/core.ts";
import { type Field, region } from "../src/core/region.ts";
import { expression } from "../src/tape/index.ts";
import { sinkhornOn } from "../src/sinkhorn.ts";
import { checked } from "../src/transport/problem.ts";
import { workspace, type Workspace } from "../src/transport/workspace.ts";
import { iterate, iterateLogarithmic, kernelOf, plan, planOf } from "../reference/transport/sinkhorn.ts";
import { pull } from "../reference/transport/unrolled.ts";
import { type Case, type Floats, rounding } from "./case.ts";
import { core } from "./layout.ts";

const ARRAYS = { f32: Float32Array, f64: Float64Array } as const;
const within = (precision: Precision): number => 20 * rounding[precision === "f32" ? 32 : 64];
const costs = (precision: Precision, length: number): Floats => (new ARRAYS[precision](length) as Float64Array).map((_, k) => 0.5 + 0.5 * Math.sin(k * k));

interface Batch {
  readonly works: readonly Workspace[];
  /** Starts anew, from γ = 0. */
  begin(): void;
  /** All plans. */
  plans(): Floats;
}

/** Problems side by side in linear memory, as many as the batch has. */
function batchOf(precision: Precision, batch: number, n: number, scale: number): Batch {
  const x = costs(precision, batch * n * n);
  const problem = checked("bench", { cost: x as Float64Array }, { rows: n, columns: n }, true);
  const works = Array.from({ length: batch }, (_, p) => {
    const work = workspace(core, "bench", problem);
    work.load(p);
    return work;
  });
  return {
    works,
    begin() {
      for (const work of works) {
        work.byColumn(3).fill(0);
        work.byRow(3).fill(Number.NEGATIVE_INFINITY);
        work.begin(scale);
      }
    },
    plans() {
      const out = region(core, precision);
      const field = out.reserve(n * n);
      out.allocate("bench");
      const all = new ARRAYS[precision](batch * n * n);
      for (const [p, work] of works.entries()) {
        work.write(field.at);
        all.set(field.view() as Float64Array, p * n * n);
      }
      out.free();
      return all;
    },
  };
}

/** The iteration alone: K is there on both sides, and both begin with v = 1. */
function products(precision: Precision, batch: number, n: number): Case {
  const [count, scale] = [Math.max(4, Math.ceil(1e6 / (batch * n * n))), -10];
  const problems = batchOf(precision, batch, n, scale);
  problems.begin();
  const [x, numbers] = [costs(precision, batch * n * n), ARRAYS[precision]];
  const own = Array.from({ length: batch }, (_, p) => {
    const kernel = new numbers(n * n);
    kernelOf(scale, x.subarray(p * n * n, (p + 1) * n * n), kernel);
    return { kernel, u: new numbers(n), v: new numbers(n), sums: new numbers(n), a: new numbers(n).fill(1 / n) };
  });
  const run = (step: number, logarithmic: boolean): void => {
    for (const work of problems.works) {
      work.byColumn(1).fill(1);
      work.iterate(count, -1, [1, 1], step, logarithmic, scale);
    }
  };
  return {
    name: `sinkhorn ${batch} × ${n}² ${precision}`,
    elements: batch * n * n * count,
    kernel: () => run(1, false),
    twin() {
      for (const { kernel, u, v, sums, a } of own) {
        v.fill(1);
        iterate(n, n, count, a, a, kernel, u, v, sums);
      }
    },
    parts: { "K alone, for all the iterations": problems.begin, "over-relaxed": () => run(1.5, false) },
    outcome() {
      problems.begin();
      run(1, false);
      const plans = new numbers(batch * n * n);
      for (const [p, { kernel, u, v }] of own.entries()) plan(n, n, kernel, u, v, plans.subarray(p * n * n, (p + 1) * n * n));
      return { alike: "values", kernel: problems.plans(), twin: plans, within: within(precision) };
    },
  };
}

/** From costs to potentials, cold enough that scalings are absorbed, against sums in the log domain, where nothing ever needs to be. */
function cold(precision: Precision, n = 128, count = 50): Case {
  const scale = precision === "f32" ? -1 / 0.005 : -1 / 0.001;
  const problems = batchOf(precision, 1, n, scale);
  const [x, numbers] = [costs(precision, n * n), ARRAYS[precision]];
  const [phi, gamma, a, plans] = [new numbers(n), new numbers(n), new numbers(n).fill(1 / n), new numbers(n * n)];
  const run = (logarithmic: boolean): void => {
    problems.begin();
    problems.works[0]!.iterate(count, -1, [1, 1], 1, logarithmic, scale);
  };
  return {
    name: `sinkhorn at ε = ${-1 / scale} of costs in [0, 1] against the log domain ${precision}`,
    elements: n * n * count,
    kernel: () => run(false),
    twin() {
      gamma.fill(0);
      iterateLogarithmic(n, n, count, scale, a, a, x, phi, gamma);
    },
    parts: { "every step in the log domain": () => run(true) },
    outcome() {
      run(false);
      planOf(n, n, scale, x, phi, gamma, plans);
      return { alike: "values", kernel: problems.plans(), twin: plans, within: precision === "f32" ? 2e-3 : 1e-9 };
    },
  };
}

/** All of a call: checks, K, 50 iterations, potentials, cost and plan; an element is an entry of a matrix. */
function call(precision: Precision, batch = 64, n = 32, count = 50): Case {
  const [x, numbers] = [costs(precision, batch * n * n), ARRAYS[precision]];
  const [kernel, u, v, sums, a, plans] = [new numbers(n * n), new numbers(n), new numbers(n), new numbers(n), new numbers(n).fill(1 / n), new numbers(batch * n * n)];
  const settings = { rows: n, columns: n, regularization: 0.1, tolerance: 0, maximumIterations: count };
  let found = new numbers(0);
  return {
    name: `sinkhorn call, ${batch} × ${n}² and ${count} iterations, with its plan ${precision}`,
    elements: batch * n * n,
    kernel: () => void (found = sinkhornOn(core, { cost: x as Float64Array }, settings).plan() as typeof found),
    twin() {
      for (let p = 0; p < batch; p++) {
        kernelOf(-10, x.subarray(p * n * n, (p + 1) * n * n), kernel);
        v.fill(1);
        iterate(n, n, count, a, a, kernel, u, v, sums);
        plan(n, n, kernel, u, v, plans.subarray(p * n * n, (p + 1) * n * n));
      }
    },
    outcome: () => ({ alike: "values", kernel: found, twin: plans, within: within(precision) }),
  };
}

/** Cotangents of 64 plans back to costs; an element is an entry of a matrix. */
function pullback(precision: Precision, batch = 64, n = 32, count = 20): Case {
  const x = costs(precision, batch * n * n);
  const transport = sinkhornOn(core, { cost: x as Float64Array }, { rows: n, columns: n, regularization: 0.1, tolerance: 0, maximumIterations: count });
  const cotangent = costs(precision, batch * n * n).reverse();
  const [masses, copy, own] = [new Float64Array(n).fill(1 / n), Float64Array.from(x), new Float64Array(batch * n * n)];
  const run = (through: "iterations" | "fixed-point"): Floats =>
    (transport.pullback({ plan: cotangent }, { through, unconverged: true }) as { cost: Floats }).cost;
  let found: Floats = own;
  return {
    name: `sinkhorn pull-back through ${count} iterations, ${batch} × ${n}² ${precision}`,
    elements: batch * n * n,
    kernel: () => void (found = run("iterations")),
    twin() {
      for (let p = 0; p < batch; p++) {
        const at = p * n * n;
        const { exponent } = pull(n, n, count, -10, masses, masses, copy.subarray(at, at + n * n), cotangent.subarray(at, at + n * n));
        for (let k = 0; k < n * n; k++) own[at + k] = -10 * exponent[k]!;
      }
    },
    parts: { "through the fixed point": () => void run("fixed-point") },
    outcome: () => ({ alike: "values", kernel: found, twin: own, within: precision === "f32" ? 1e-3 : 1e-9 }),
  };
}

/** A matching inside an expression: Σ P² of logits in lanes, with its gradient; an element is an entry of a matrix in one iteration. */
function inExpression(precision: Precision, lanes = 256, n = 10, iterations = 20): Case {
  const [width, numbers] = [n * n, ARRAYS[precision]];
  const block = region(core, precision);
  const bound = expression((z) => z.sinkhorn({ rows: n, columns: n, temperature: 0.2, iterations }).square().sum()).bind({
    region: block, dim: width, batch: 1, rows: lanes, context: () => block.reserve(0),
  });
  const [x, value, gradient] = [lanes * width, lanes, lanes * width].map((length) => block.reserve(length)) as [Field, Field, Field];
  block.allocate("bench");
  x.view().set(costs(precision, lanes * width) as Float64Array);
  const [copy, ones, plans] = [Float64Array.from(x.view()), new Float64Array(n).fill(1), new Float64Array(width)];
  const [phi, gamma, own, ownGradient] = [new Float64Array(n), new Float64Array(n), new Float64Array(lanes), new numbers(lanes * width)];
  return {
    name: `sinkhorn in an expression, ${n}² and ${iterations} iterations, forward and reverse ${precision}`,
    elements: lanes * width * iterations,
    kernel: () => bound.differentiate(lanes, x.at, value.at, gradient.at, { batch: 1, context: {} }),
    twin() {
      for (let lane = 0; lane < lanes; lane++) {
        const logits = copy.subarray(lane * width, (lane + 1) * width);
        gamma.fill(0);
        iterateLogarithmic(n, n, iterations, 5, ones, ones, logits, phi, gamma);
        planOf(n, n, 5, logits, phi, gamma, plans);
        own[lane] = plans.reduce((sum, each) => sum + each * each, 0);
        const { exponent } = pull(n, n, iterations, 5, ones, ones, logits, plans.map((each) => 2 * each));
        for (let k = 0; k < width; k++) ownGradient[lane * width + k] = 5 * exponent[k]!;
      }
    },
    outcome: () => ({ alike: "values", kernel: [...value.view(), ...gradient.view()], twin: [...own, ...ownGradient], within: precision === "f32" ? 1e-4 : 1e-10 }),
  };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [
  products(precision, 64, 32), products(precision, 8, 128), products(precision, 1, 1024), cold(precision), call(precision), pullback(precision), inExpression(precision),
]);
