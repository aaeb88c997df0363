import type { Core } from "../core/core.ts";
import type { Gradient } from "../estimate.ts";
import { enumerate } from "../estimators/enumerate.ts";
import { gradientOn } from "../gradient.ts";
import type { Key } from "../key.ts";
import type { Distribution, Shapes, Values } from "../vocabulary/distribution.ts";
import { estimator } from "../vocabulary/estimator.ts";
import type { Integrand, Lanes } from "../vocabulary/integrand.ts";
import type { Expectation } from "../vocabulary/objective.ts";

/** How the true gradient is found: a sum over the support, or differences of the objective under common random numbers. */
export type Against = "enumeration" | "differences";

/** A gradient to compare with, by parameter name; `error` is its own standard error, 0 where it is exact. */
export interface Reference {
  readonly against: Against;
  readonly gradient: Readonly<Record<string, Float64Array>>;
  readonly error: Readonly<Record<string, Float64Array>>;
  readonly evaluations: number;
}

/** Everything about a case that is to be certified. */
export interface Subject {
  readonly objective: Expectation<object, Integrand>;
  readonly params: Values<Shapes, Float64Array>;
  readonly batch: number;
  readonly context: Lanes["context"] | undefined;
}

/** The most points of one problem that a sum over the support is taken for. */
const SUPPORT = 4096;

/** The best there is for this case: exact sums where the support is small, differences for anything else. */
export function bestFor({ objective }: Subject): Against {
  const { support } = objective.distribution as { readonly support?: { readonly size: number } };
  return support !== undefined && support.size <= SUPPORT ? "enumeration" : "differences";
}

export function referenceOn(core: Core, subject: Subject, against: Against, options: { readonly key: Key; readonly samples: number; readonly rounds: number; readonly step: number }): Reference {
  return against === "enumeration" ? summed(core, subject, options.key) : differences(core, subject, options);
}

type Any = Gradient<Shapes, Shapes, Float64Array>;

function summed(core: Core, { objective, params, batch, context }: Subject, key: Key): Reference {
  const by = enumerate({ budget: SUPPORT });
  const grad = gradientOn(core, objective as never, by as never, { samples: 1, batch }) as unknown as Any;
  try {
    const { gradient, evaluations } = grad.estimate(params, key, { ...(context && { context }) });
    return { against: "enumeration", gradient, error: mapped(gradient, (g) => new Float64Array(g.length)), evaluations: evaluations.value };
  } finally {
    grad.dispose();
  }
}

/** f at draws of the family, and nothing else: the objective of any family and any f. */
const values = estimator<Distribution, Integrand, never>({
  name: "values",
  unbiased: true,
  distribution: ["sample"],
  integrand: [],
  plan: () => ({ value: 1, gradient: 0, scratch: {} }),
  bind: (p) => ({
    propose: ({ kernels, rows, theta, hard }, draw) => p.sample(kernels, draw(0), rows, theta, hard.x),
    combine: ({ kernels, rows, hard, total }) => kernels.arrayCopy(rows, hard.value, total),
    terms: () => {},
  }),
});

/**
 * (E f at θ + h − E f at θ − h) / 2h for one coordinate after another, both with the same draws: its bias is of the order h².
 * A step is relative to the size of its coordinate, and at least h.
 */
function differences(core: Core, { objective, params, batch, context }: Subject, { key, samples, rounds, step }: Parameters<typeof referenceOn>[3]): Reference {
  const grad = gradientOn(core, objective as never, values as never, { samples, batch }) as unknown as Any;
  const at = mapped(params, (array) => array.slice());
  const sum = (round: number): number => grad.value(at, key.fold(round), { ...(context && { context }) }).reduce((total, own) => total + own, 0);
  let evaluations = 0;
  try {
    const columns = mapped(params, (array, name) =>
      Array.from(array, (own, i) => {
        const h = step * Math.max(1, Math.abs(own));
        const slopes = Array.from({ length: rounds }, (_, round) => {
          at[name]![i] = own + h;
          const above = sum(round);
          at[name]![i] = own - h;
          evaluations += 2 * samples * batch;
          return (above - sum(round)) / (2 * h);
        });
        at[name]![i] = own;
        return spread(slopes);
      }),
    );
    return {
      against: "differences",
      gradient: mapped(columns, (column) => Float64Array.from(column, ({ mean }) => mean)),
      error: mapped(columns, (column) => Float64Array.from(column, ({ error }) => error)),
      evaluations,
    };
  } finally {
    grad.dispose();
  }
}

/** The mean of some independent numbers, and its standard error. */
export function spread(numbers: readonly number[]): { readonly mean: number; readonly error: number } {
  const n = numbers.length;
  const mean = numbers.reduce((total, x) => total + x / n, 0);
  const squares = numbers.reduce((total, x) => total + (x - mean) * (x - mean), 0);
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}

export function mapped<V, W>(record: Readonly<Record<string, V>>, map: (value: V, name: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
