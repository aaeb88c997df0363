/** Programs differentiated backward against the same by hand in TypeScript; an element is a draw of a run. */
import type { Precision } from "../src/core/core.ts";
import { derivative, disarm, key, program, programGradient } from "../src/index.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Case, Floats } from "./case.ts";
import { unit } from "./random.ts";

const RUNS = 4096;
const STEPS = 20;
const FLIPS = 8;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const gauss = (): number => Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
const start = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i) / 2);

/** Means and standard errors of the columns of `[runs, width]`. */
function reduced(terms: Float64Array, width: number, mean: Float64Array, error: Float64Array): void {
  const runs = terms.length / width;
  const squares = new Float64Array(width);
  mean.fill(0);
  for (let i = 0; i < terms.length; i++) {
    mean[i % width]! += terms[i]! / runs;
    squares[i % width]! += terms[i]! * terms[i]!;
  }
  for (let j = 0; j < width; j++) error[j] = Math.sqrt((squares[j]! / runs - mean[j]! * mean[j]!) / (runs - 1));
}

/** n ← n + Bernoulli(sigmoid(θᵢ + n / 10)), twenty times; the gradient of E (n − 10)² in all of θ, by scores with leave-one-out. */
function chain(precision: Precision): Case {
  const walk = program(({ theta }, draw) => {
    let n = draw.constant(0);
    for (let i = 0; i < STEPS; i++) n = n.add(draw.bernoulli(n.mul(0.1).add(theta.at(i)).sigmoid()));
    return n.sub(10).square();
  }, { theta: [STEPS] });
  const theta = start(STEPS);
  const params = { theta: arrayOf(precision, STEPS) };
  params.theta.set(theta);
  const gradient = programGradient(walk, { samples: RUNS, precision: precision as "f64" });
  const estimate = () => gradient.estimate(params as { theta: Float64Array }, key(1));
  let found = estimate();
  const [terms, costs, mean, error] = [new Float64Array(RUNS * STEPS), new Float64Array(RUNS), new Float64Array(STEPS), new Float64Array(STEPS)];
  return {
    name: `chain of 20 flips, backward ${precision}`,
    elements: RUNS * STEPS,
    kernel: () => void (found = estimate()),
    twin() {
      let sum = 0;
      for (let run = 0; run < RUNS; run++) {
        let n = 0;
        for (let i = 0; i < STEPS; i++) {
          const p = sigmoid(theta[i]! + 0.1 * n);
          const x = unit() < p ? 1 : 0;
          terms[run * STEPS + i] = x - p;
          n += x;
        }
        sum += costs[run] = (n - 10) ** 2;
      }
      for (let run = 0; run < RUNS; run++) {
        const advantage = costs[run]! - (sum - costs[run]!) / (RUNS - 1);
        for (let i = 0; i < STEPS; i++) terms[run * STEPS + i]! *= advantage;
      }
      reduced(terms, STEPS, mean, error);
    },
    parts: {
      "the value alone": () => void gradient.value(params as { theta: Float64Array }, key(1)),
      "forward, a pass for each": () => void derivative(walk, params, key(1), { samples: RUNS }),
    },
    outcome: () => outcome(found.gradient.theta, found.standardError.theta, mean, error),
  };
}

/** z ~ Bernoulli(sigmoid(a))⁸ in antithetic pairs, x ~ N(z · w, 1) by its path; the gradient of E (x − 1)² + tanh x in a and w. */
function mixed(precision: Precision): Case {
  const flips = program(({ a, w }, draw) => {
    const x = draw.normal(draw.bernoulli(a.sigmoid(), disarm()).dot(w), 1);
    return x.sub(1).square().add(x.tanh());
  }, { a: [FLIPS], w: [FLIPS] });
  const [a, w] = [start(FLIPS), start(FLIPS).reverse()];
  const params = { a: arrayOf(precision, FLIPS), w: arrayOf(precision, FLIPS) };
  params.a.set(a);
  params.w.set(w);
  const gradient = programGradient(flips, { samples: RUNS, precision: precision as "f64" });
  const estimate = () => gradient.estimate(params as { a: Float64Array; w: Float64Array }, key(1));
  let found = estimate();
  const width = 2 * FLIPS;
  const [terms, mean, error] = [new Float64Array(RUNS * width), new Float64Array(width), new Float64Array(width)];
  const [p, z, other] = [new Float64Array(FLIPS), new Float64Array(FLIPS), new Float64Array(FLIPS)];
  return {
    name: `pairs of 8 flips and a path, backward ${precision}`,
    elements: RUNS * (FLIPS + 1),
    kernel: () => void (found = estimate()),
    twin() {
      for (let run = 0; run < RUNS; run++) {
        const noise = gauss();
        let [x, y] = [noise, noise];
        for (let j = 0; j < FLIPS; j++) {
          p[j] = sigmoid(a[j]!);
          const u = unit();
          x += (z[j] = u < p[j]! ? 1 : 0) * w[j]!;
          y += (other[j] = 1 - u < p[j]! ? 1 : 0) * w[j]!;
        }
        const [s, t] = [Math.tanh(x), Math.tanh(y)];
        const difference = ((x - 1) ** 2 + s - (y - 1) ** 2 - t) / 2;
        const [slope, second] = [2 * (x - 1) + 1 - s * s, 2 * (y - 1) + 1 - t * t];
        for (let j = 0; j < FLIPS; j++) {
          terms[run * width + j] = difference * (z[j]! - other[j]!) * Math.max(p[j]!, 1 - p[j]!);
          terms[run * width + FLIPS + j] = (slope * z[j]! + second * other[j]!) / 2;
        }
      }
      reduced(terms, width, mean, error);
    },
    outcome: () => outcome([...found.gradient.a, ...found.gradient.w], [...found.standardError.a, ...found.standardError.w], mean, error),
  };
}

function outcome(kernel: ArrayLike<number>, own: ArrayLike<number>, twin: Floats, error: Floats): ReturnType<Case["outcome"]> {
  return { alike: "estimates", kernel, twin, errors: [own, error] };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [chain(precision), mixed(precision)]);
