import type { Pointer } from "../core/kernels.ts";
import type { Distribution, Scored, Stream } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type Plan, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Kind } from "../vocabulary/objective.ts";

/** Points and weights for integrals over K independent draws of a family. */
export interface Rule {
  readonly name: string;
  /** How many, for one problem. */
  readonly points: (p: Distribution, particles: number) => number;
  readonly bind: (p: Distribution & Scored, site: Site) => BoundRule;
}

export interface BoundRule {
  /**
   * x is `[particles, points, batch, dim]`, logs its log density `[particles, points, batch]`, logWeight what a point counts for
   * besides its density, `[points, batch]`; all written.
   */
  readonly place: (work: Workspace, draw: (site: number) => Stream, x: Pointer, logs: Pointer, logWeight: Pointer) => void;
}

/** A whole power, exact. */
export function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}

type Scratch = "coefficient" | "logs" | "weight" | "bound";

/**
 * The gradient as a weighed sum, Σ w(x) p(x) f(x) ∇ log p(x) over the points of a rule, without noise. On an importance bound the points
 * are sets of K draws, and the score of each has the factor L − its normalised weight.
 */
export function weighedSum(rule: Rule): Estimator<Scored, Integrand, Kind> {
  return estimator<Scored, Integrand, Scratch, Kind>({ ...definition(rule, "expectation"), bound: definition(rule, "importance-bound") });
}

function definition(rule: Rule, kind: Kind): Definition<Scored, Integrand, Scratch> {
  return {
    name: rule.name,
    unbiased: true,
    kind,
    distribution: ["score"],
    integrand: [],
    plan: (p, _, { particles }): Plan<Scratch> => {
      const points = rule.points(p, particles);
      const all = particles * points;
      return { value: all, gradient: 0, exact: true, scratch: { coefficient: all, logs: all, weight: points, bound: kind === "expectation" ? 0 : points } };
    },
    bind: (p, site) => bind(p, rule, site, kind),
  };
}

function bind(p: Distribution & Scored, rule: Rule, site: Site, kind: Kind): Bound<Scratch> {
  const { particles, batch, region } = site;
  const points = rule.points(p, particles);
  const rows = points * batch;
  const bound = rule.bind(p, site);
  const numbers = (at: Pointer, length: number): Float64Array => region.core.view("f64", at, length) as Float64Array;
  return {
    propose: (work, draw) => bound.place(work, draw, work.hard.x, work.at.logs, work.at.weight),
    combine({ kernels, hard, at, total }) {
      const [weight, logs] = [numbers(at.weight, rows), numbers(at.logs, particles * rows)];
      logs.forEach((log, i) => (weight[i % rows]! += log));
      kernels.elementwiseExp(rows, at.weight, at.weight);
      const value = kind === "expectation" ? hard.value : at.bound;
      if (kind === "expectation") unweighed(numbers(hard.weight, rows), numbers(at.coefficient, rows));
      else kernels.importanceBoundWeigh(particles, rows, 0, hard.value, at.logs, hard.weight, at.coefficient, at.bound);
      weigh(weight, numbers(value, rows), numbers(hard.weight, particles * rows), numbers(at.coefficient, particles * rows), numbers(total, batch));
    },
    terms({ kernels, theta, hard, at, dim, bytes }, _, terms) {
      for (let point = 0; point < particles * points; point++) {
        const row = point * batch * bytes;
        p.score(kernels, batch, theta, hard.x + row * dim, at.coefficient + row, terms);
      }
    },
  };
}

function unweighed(slope: Float64Array, coefficient: Float64Array): void {
  slope.fill(1);
  coefficient.fill(0);
}

/** coefficient = W (value + coefficient), slope = W slope, total = Σ W value. */
function weigh(weight: Float64Array, value: Float64Array, slope: Float64Array, coefficient: Float64Array, total: Float64Array): void {
  const [rows, batch] = [weight.length, total.length];
  total.fill(0);
  for (let r = 0; r < rows; r++) if (weight[r]! > 0) total[r % batch]! += weight[r]! * value[r]!;
  for (let i = 0; i < coefficient.length; i++) {
    const w = weight[i % rows]!;
    coefficient[i] = w > 0 ? w * (value[i % rows]! + coefficient[i]!) : 0;
    slope[i] = w > 0 ? w * slope[i]! : 0;
  }
}

/** Every point of a finite support; for K draws, every K of them. */
export function supportRule(): Rule {
  const sizeOf = (p: Distribution): number => (p as unknown as { readonly support: { readonly size: number } }).support.size;
  return {
    name: "enumeration",
    points: (p, particles) => power(sizeOf(p), particles),
    bind: (p, { particles, batch }) => {
      const { support } = p as unknown as { readonly support: { readonly enumerate: (...all: unknown[]) => void } };
      const size = sizeOf(p);
      const points = power(size, particles);
      return {
        place({ kernels, theta, dim, bytes }, _, x, logs, logWeight) {
          for (let k = 0, stride = 1; k < particles; k++, stride *= size) {
            for (let point = 0; point < points; point++) {
              const own = Math.floor(point / stride) % size;
              support.enumerate(kernels, own, own + 1, batch, x + (k * points + point) * batch * dim * bytes);
            }
          }
          p.logProb(kernels, particles * points * batch, theta, x, logs);
          kernels.arrayFill(points * batch, 0, logWeight);
        },
      };
    },
  };
}
