import { type Distribution, type Estimate, type Estimator, type Expectation, gradient, type Gradient, type Integrand, key, type Key, type Shapes, type Values } from "../../src/index.ts";
import type { Any, Entry, Problem } from "./problem.ts";

export interface Budget {
  /** Evaluations of f an estimate may take: a point counts once, whether f alone or its gradient too is wanted there. */
  readonly evaluations: number;
  /** Estimates to measure the variance from. */
  readonly replicates: number;
  /** Estimates that what learns is trained for, of 50 problems each. */
  readonly training: number;
}

/** What an estimator did with its evaluations. */
export interface Row {
  readonly call: string;
  readonly biased: boolean;
  readonly samples: number;
  readonly evaluations: number;
  /** Mean error of each number of θ. */
  readonly error: readonly number[];
  /** The same in standard errors. */
  readonly standardized: readonly number[];
  /** Variance of each number of θ, times evaluations. */
  readonly measured: readonly number[];
  /** The same, exactly. */
  readonly exact: readonly number[] | undefined;
}

export function measure(problem: Problem, entry: Entry, budget: Budget): Row {
  const samples = affordable(problem, entry.by, budget.evaluations);
  const batch = entry.learns ? 50 : Math.min(500, budget.replicates);
  using grad = bound(problem, entry.by, samples, batch);
  const params = tiled(problem.params, batch);
  const ask = (at: Key): Estimate<Shapes, Shapes, Float64Array> => grad.estimate(params, at);
  for (let step = 0; entry.learns && step < budget.training; step++) ask(key(1).fold(step));
  const moments = problem.gradient.map(() => ({ sum: 0, square: 0 }));
  let [evaluations, count] = [0, 0];
  for (let round = 0; count < budget.replicates; round++, count += batch) {
    const estimate = ask(key(2).fold(round));
    evaluations = spent(estimate) / batch;
    add(moments, problem, estimate.gradient, batch);
  }
  const error = moments.map(({ sum }) => sum / count);
  const variance = moments.map(({ square }, j) => Math.max(0, square / count - error[j]! ** 2) * (count / (count - 1)));
  return {
    call: entry.call,
    biased: (entry.by as { readonly unbiased?: boolean }).unbiased === false,
    samples,
    evaluations,
    error,
    standardized: error.map((e, j) => e / Math.sqrt(variance[j]! / count + 1e-24)),
    measured: variance.map((v) => (v < 1e-24 ? 0 : v * evaluations)),
    exact: entry.exact?.(samples).map((v) => (v < 1e-24 ? 0 : v * evaluations)),
  };
}

function bound({ objective }: Problem, by: Any, samples: number, batch: number): Gradient<Shapes, Shapes, Float64Array> {
  return gradient(objective as unknown as Expectation<Distribution, Integrand>, by as unknown as Estimator<Distribution, Integrand>, { samples, batch }) as Gradient<Shapes, Shapes, Float64Array>;
}

const spent = ({ evaluations: { value, gradient } }: Estimate): number => value + gradient;

/** The most samples whose evaluations are within the budget: some are needed once an estimate, the rest for each sample. */
function affordable(problem: Problem, by: Any, evaluations: number): number {
  const [four, eight] = [4, 8].map((samples) => {
    using grad = bound(problem, by, samples, 1);
    return spent(grad.estimate(tiled(problem.params, 1), key(3)));
  }) as [number, number];
  const each = (eight - four) / 4;
  return each === 0 ? 1 : Math.max(1, Math.floor((evaluations - four + 4 * each) / each));
}

const tiled = (params: Problem["params"], batch: number): Values<Shapes, Float64Array> =>
  Object.fromEntries(Object.entries(params).map(([name, own]) => [name, Float64Array.from({ length: batch * own.length }, (_, i) => own[i % own.length]!)]));

/** Adds the errors of all problems, number by number, and their squares. */
function add(moments: { sum: number; square: number }[], { params, gradient: truth }: Problem, estimate: Values<Shapes, Float64Array>, batch: number): void {
  let at = 0;
  for (const [name, { length }] of Object.entries(params)) {
    for (let j = 0; j < length; j++, at++) {
      for (let b = 0; b < batch; b++) {
        const error = estimate[name]![b * length + j]! - truth[at]!;
        moments[at]!.sum += error;
        moments[at]!.square += error * error;
      }
    }
  }
}
