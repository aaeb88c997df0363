import type { ColdStart } from "./cold-start.ts";
import type { Measurement } from "./measure.ts";

/**
 * What the core is meant to reach: times a case is faster than its plain TypeScript twin, or than a peer; or a time.
 *
 * The bars are what a prototype of the same algorithms reached on another machine (AMD Zen 5); a ratio carries over better than a time.
 */
export interface Goal {
  readonly workload: string;
  /** The name of the case, without precision. */
  readonly of: string;
  readonly precision?: "f32" | "f64";
  readonly against: "twin" | "numpy" | "torch" | "scipy" | "nanoseconds" | "milliseconds";
  /** At least this ratio; at most this time. */
  readonly goal: number;
}

type Row = readonly [workload: string, of: string, precision: "f32" | "f64" | undefined, against: Goal["against"], goal: number];

const rows: readonly Row[] = [
  ["words, addressable stream", "words of a stream", undefined, "nanoseconds", 0.3],
  ["words, addressable stream", "words of a stream", undefined, "twin", 8],
  ["uniform", "uniform sample", "f32", "twin", 14],
  ["uniform", "uniform sample", "f64", "twin", 7],
  ["normal", "normal sample", "f32", "twin", 12],
  ["normal", "normal sample", "f64", "twin", 7],
  ["normal", "normal sample", "f32", "numpy", 3],
  ["normal", "normal sample", "f64", "numpy", 3],
  ["normal", "normal sample", "f32", "torch", 2.2],
  ["exponential", "exponential sample", "f32", "numpy", 1],
  ["exponential", "exponential sample", "f64", "numpy", 1],
  ["Gumbel", "gumbel sample", "f32", "twin", 11],
  ["Gumbel", "gumbel sample", "f32", "numpy", 1.5],
  ["Gumbel", "gumbel sample", "f64", "numpy", 1.5],
  ["gamma, shape 2.5", "gamma 2.5 sample", "f32", "twin", 5],
  ["gamma, shape 2.5", "gamma 2.5 sample", "f32", "numpy", 2.5],
  ["gamma, shape 0.5", "gamma 0.5 sample", "f32", "twin", 5],
  ["gamma, shape 0.5", "gamma 0.5 sample", "f32", "numpy", 2.5],
  ["Bernoulli, a probability each", "bernoulli sample", "f32", "twin", 25],
  ["categorical, many draws of one row, K = 10", "categorical many draws of 10", "f32", "twin", 13],
  ["categorical, many draws of one row, K = 1000", "categorical many draws of 1000", "f32", "twin", 13],
  ["categorical, different rows, K = 10", "categorical rows of 10", "f32", "twin", 2.5],
  ["categorical, different rows, K = 1000", "categorical rows of 1000", "f32", "twin", 15],
  ["Gumbel-softmax there and back, 10⁴ × 32", "Gumbel-softmax forward and back 32", "f32", "twin", 12],
  ["Gumbel-softmax there and back, 10⁴ × 32", "Gumbel-softmax forward and back 32", "f32", "numpy", 2],
  ["Poisson, rates below 10", "poisson of 0.5 to 8 sample", "f32", "twin", 6],
  ["Poisson, rates below 10", "poisson of 0.5 to 8 sample", "f64", "numpy", 4],
  ["Poisson, rates above 10", "poisson of 20 to 2000 sample", "f64", "numpy", 1.5],
  ["binomial, 20 trials", "binomial of 20 trials sample", "f64", "numpy", 6],
  ["binomial, 1000 trials", "binomial of 1000 trials sample", "f64", "numpy", 2],
  ["negative binomial", "negativeBinomial of mean 20 sample", "f64", "numpy", 1],
  ["multinomial, 10 of 100 trials", "multinomial 10 of 100 trials sample", "f64", "numpy", 1.5],
  ["rankings of 10 items", "plackettLuce 10 sample", "f32", "numpy", 2],
  ["log-sum-exp of rows of 32", "logSumExp of rows of 32", "f32", "torch", 1],
  ["log-sum-exp of rows of 32", "logSumExp of rows of 32", "f32", "nanoseconds", 0.75],
  ["multivariate normal, d = 16", "multivariateNormal 16 sample", "f32", "twin", 15],
  ["score-function gradient, 1000 × 256 flips, leave-one-out", "score function of 256 flips, leave-one-out", "f32", "twin", 30],
  ["network 16 → 32 → 1, forward and reverse", "network 16 → 32 → 1, forward and reverse,", "f32", "twin", 7],
  ["network 16 → 32 → 1, forward and reverse", "network 16 → 32 → 1, forward and reverse,", "f64", "twin", 7],
  ["linear assignment of 10 × 10, one call", "matching of 10", undefined, "scipy", 1],
  ["linear assignment of 10 × 10, 100 side by side", "matching of 10, 100 side by side", undefined, "scipy", 1],
  ["linear assignment of 100 × 100", "matching of 100", undefined, "scipy", 1],
  ["linear assignment of 1000 × 1000", "matching of 1000", undefined, "scipy", 1],
  ["Sinkhorn, an iteration of 64 × 32²", "sinkhorn 64 × 32²", "f32", "twin", 13],
  ["Sinkhorn, an iteration of 64 × 32²", "sinkhorn 64 × 32²", "f32", "numpy", 1.3],
  ["Sinkhorn, an iteration of 64 × 32²", "sinkhorn 64 × 32²", "f64", "twin", 7],
  ["Sinkhorn, an iteration of 64 × 32²", "sinkhorn 64 × 32²", "f64", "numpy", 1.1],
  ["Sinkhorn, an iteration of 8 × 128²", "sinkhorn 8 × 128²", "f32", "twin", 13],
  ["Sinkhorn, an iteration of 8 × 128²", "sinkhorn 8 × 128²", "f32", "numpy", 1.3],
  ["Sinkhorn, an iteration of 8 × 128²", "sinkhorn 8 × 128²", "f64", "twin", 7],
  ["Sinkhorn, an iteration of 8 × 128²", "sinkhorn 8 × 128²", "f64", "numpy", 1.1],
  ["Sinkhorn, an iteration of 1 × 1024²", "sinkhorn 1 × 1024²", "f32", "twin", 13],
  ["Sinkhorn, an iteration of 1 × 1024²", "sinkhorn 1 × 1024²", "f32", "numpy", 1.3],
  ["Sinkhorn, an iteration of 1 × 1024²", "sinkhorn 1 × 1024²", "f64", "twin", 7],
  ["Sinkhorn, an iteration of 1 × 1024²", "sinkhorn 1 × 1024²", "f64", "numpy", 1.1],
  ["random walk, 10⁴ runs × 100 steps, stochastic triples", "walk of 100 steps, triples, against Math.random", "f32", "twin", 9.5],
  ["random walk, 10⁴ runs × 100 steps, stochastic triples", "walk of 100 steps, triples, against Math.random", "f64", "twin", 5.75],
  ["draws of a program, 10⁴ runs × 20", "program of categorical draws", "f32", "twin", 3],
  ["draws of a program, 10⁴ runs × 20", "program of categorical draws", "f64", "twin", 2.5],
  ["draws of a program, 10⁴ runs × 20", "program of geometric draws", "f32", "twin", 2],
  ["draws of a program, 10⁴ runs × 20", "program of geometric draws", "f64", "twin", 2],
  ["draws of a program, 10⁴ runs × 20", "program of poisson draws", "f32", "twin", 2.5],
  ["draws of a program, 10⁴ runs × 20", "program of poisson draws", "f64", "twin", 2.5],
  ["draws of a program, 10⁴ runs × 20", "program of binomial draws", "f32", "twin", 2],
  ["draws of a program, 10⁴ runs × 20", "program of binomial draws", "f64", "twin", 2],
  ["draws of a program, 10⁴ runs × 20", "program of gamma draws", "f32", "twin", 2],
  ["draws of a program, 10⁴ runs × 20", "program of gamma draws", "f64", "twin", 2],
  ["draws of a program, 10⁴ runs × 20", "program of uniform draws", "f32", "twin", 2],
  ["cold start, import to first estimate", "cold start", undefined, "milliseconds", 10],
];

export const goals: readonly Goal[] = rows.map(([workload, of, precision, against, goal]) => ({ workload, of, ...(precision && { precision }), against, goal }));

/** A goal and what was measured; neither a number nor a verdict where it was not. */
export interface Judged extends Goal {
  readonly measured?: number;
  readonly met?: boolean;
}

export function judge(measurements: readonly Measurement[], starts: readonly ColdStart[]): Judged[] {
  return goals.map((goal) => {
    const measured = read(goal, measurements, starts);
    if (measured === undefined) return goal;
    const time = goal.against === "nanoseconds" || goal.against === "milliseconds";
    return { ...goal, measured, met: time ? measured <= goal.goal : measured >= goal.goal };
  });
}

function read({ of, precision, against }: Goal, measurements: readonly Measurement[], starts: readonly ColdStart[]): number | undefined {
  if (against === "milliseconds") return starts[0]?.together;
  const name = precision === undefined ? of : `${of} ${precision}`;
  const found = measurements.find((one) => one.name === name);
  if (against === "nanoseconds") return found?.kernel;
  return (against === "twin" ? found?.twin : found?.peers[against])?.ratio[1];
}
