/** Programs through the public functions against the same by hand in TypeScript; an element is a step of a run, or a draw. */
import * as quantile from "../reference/programs/quantiles.ts";
import type { Precision } from "../src/core/core.ts";
import { derivative, key, program, run } from "../src/index.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Draw } from "../src/programs/draw.ts";
import type { Node } from "../src/tape/index.ts";
import type { Case, Floats } from "./case.ts";
import { unit } from "./random.ts";
import { walks, walksOfXoshiro } from "./walks.ts";

const RUNS = 10_000;
const STEPS = 100;
const DRAWS = 20 * RUNS;

const walk = program<"p">(({ p }, draw) => {
  let n = draw.constant(0);
  for (let i = 1; i <= STEPS; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / (2 * STEPS)).add(1))));
  return n;
});

const meanOf = (x: Floats): number => Array.from(x).reduce((sum, one) => sum + one, 0) / x.length;
const error = (x: Floats, mean: number): number => Math.sqrt(meanOf(Float64Array.from(x, (one) => (one - mean) ** 2)) / (x.length - 1));

/** 10⁴ runs of 100 steps: value and derivative of the mean, by pruned triples. */
function walking(precision: Precision, by: "Math.random" | "xoshiro"): Case {
  const [value, slope] = [arrayOf("f64", RUNS), arrayOf("f64", RUNS)];
  const parameters = { p: 0.5 };
  let found = derivative(walk, parameters, key(1), { samples: RUNS, precision });
  return {
    name: `walk of 100 steps, triples, against ${by} ${precision}`,
    elements: RUNS * STEPS,
    kernel: () => void (found = derivative(walk, parameters, key(1), { samples: RUNS, precision })),
    twin: () => (by === "xoshiro" ? walksOfXoshiro : walks)(parameters.p, STEPS, value, slope),
    parts: { "values alone": () => void run(walk, parameters, key(1), { lanes: RUNS, precision }) },
    outcome: () => ({
      alike: "estimates",
      kernel: [found.value, found.derivative.p],
      twin: [meanOf(value), meanOf(slope)],
      errors: [[found.valueStandardError, found.standardError.p], [error(value, meanOf(value)), error(slope, meanOf(slope))]],
    }),
  };
}

const kinds: Readonly<Record<string, readonly [(draw: Draw, p: Node) => Node, (p: number) => number]>> = {
  bernoulli: [(draw, p) => draw.bernoulli(p), (p) => quantile.bernoulli(unit(), p)],
  geometric: [(draw, p) => draw.geometric(p), (p) => quantile.geometric(unit(), p)],
  poisson: [(draw, p) => draw.poisson(p.mul(10)), (p) => quantile.poisson(unit(), 10 * p)],
  binomial: [(draw, p) => draw.binomial(20, p), (p) => quantile.binomial(unit(), 20, p)],
  categorical: [(draw, p) => draw.categorical(p.mul([0.5, 0.5, 1]).add([0.1, 0.2, -0.3])), (p) => quantile.categorical(unit(), [0.5 * p + 0.1, 0.5 * p + 0.2, p - 0.3])],
  normal: [(draw, p) => draw.normal(p, 2), (p) => p + 2 * Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit())],
  exponential: [(draw, p) => draw.exponential(p), (p) => -Math.log(unit()) / p],
  uniform: [(draw, p) => draw.uniform(0, p), (p) => unit() * p],
  gamma: [(draw, p) => draw.gamma(p.mul(5), 1), (p) => gammaOf(5 * p)],
};

/** Marsaglia & Tsang 2000, a shape above 1. */
function gammaOf(shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(unit()) < 0.5 * z * z + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** 20 draws a run, each with a parameter that the run has computed. */
function drawing(name: string, precision: Precision): Case {
  const [body, twin] = kinds[name]!;
  const drawn = program<"p">(({ p }, draw) => {
    let sum = draw.constant(0);
    let q = draw.uniform(p, 0.6);
    for (let i = 0; i < 20; i++) {
      sum = sum.add(body(draw, q));
      q = q.mul(0.999);
    }
    return sum;
  });
  const runs = DRAWS / 20;
  const own = arrayOf(precision, runs);
  const parameters = { p: 0.5 };
  let found: Floats = own;
  return {
    name: `program of ${name} draws ${precision}`,
    elements: DRAWS,
    kernel: () => void (found = run(drawn, parameters, key(1), { lanes: runs, precision })),
    twin() {
      for (let i = 0; i < runs; i++) {
        let sum = 0;
        for (let j = 0, q = parameters.p + (0.6 - parameters.p) * unit(); j < 20; j++, q *= 0.999) sum += twin(q);
        own[i] = sum;
      }
    },
    parts: { "with triples": () => void derivative(drawn, parameters, key(1), { samples: runs, precision }) },
    outcome: () => ({ alike: "moments", kernel: found, twin: own }),
  };
}

/** A program of 1.2 · 10⁵ operations, traced, lowered and run on a few lanes, against writing down the operations and going through them by hand; an element is an operation. */
function long(): Case {
  const steps = 20_000;
  const lanes = 16;
  const own = new Float64Array(lanes);
  let found: Floats = own;
  return {
    name: "program of 10⁵ operations, traced and lowered",
    elements: 6 * steps,
    kernel() {
      const traced = program<"p">(({ p }, draw) => {
        let n = draw.constant(0);
        for (let i = 1; i <= steps; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / (2 * steps)).add(1))));
        return n;
      });
      found = run(traced, { p: 0.5 }, key(1), { lanes });
    },
    twin() {
      const operations: { readonly op: "add" | "mul" | "draw"; readonly a: number; readonly b: number }[] = [];
      const constants = [0.5, 0, -1 / (2 * steps), 1];
      const take = (op: "add" | "mul" | "draw", a: number, b: number): number => operations.push({ op, a, b }) - 1;
      let n = -2; // below 0: constants
      for (let i = 1; i <= steps; i++) {
        constants.push(i);
        n = take("add", n, take("draw", take("mul", -1, take("add", take("mul", take("add", n, -constants.length), -3), -4)), 0));
      }
      const values = new Float64Array(operations.length);
      for (let lane = 0; lane < lanes; lane++) {
        for (const [i, { op, a, b }] of operations.entries()) {
          const [x, y] = [a < 0 ? constants[-1 - a]! : values[a]!, b < 0 ? constants[-1 - b]! : values[b]!];
          values[i] = op === "add" ? x + y : op === "mul" ? x * y : Number(unit() < x);
        }
        own[lane] = values[n]!;
      }
    },
    outcome: () => ({ alike: "moments", kernel: found, twin: own }),
  };
}

export const cases: readonly Case[] = [long(), ... (["f32", "f64"] as const).flatMap((precision) => [
  walking(precision, "Math.random"),
  walking(precision, "xoshiro"),
  ...Object.keys(kinds).map((name) => drawing(name, precision)),
])];
