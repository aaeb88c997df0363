import type * as Package from "../../src/index.ts";
import type { Differentiable, Distribution, Estimator, Points, Precision } from "../../src/index.ts";

export type Gradex = typeof Package;
export type Family = Distribution & { readonly [Capability in "relaxation" | "score" | "logProb" | "moments" | "entropy" | "divergence"]?: unknown };

export const PRECISIONS: readonly Precision[] = ["f64", "f32"];
/** Problems side by side. */
export const BATCH = 3;

/** How a family is made, where it takes something else than its size. One line each. */
const SIZES: Readonly<Record<string, readonly unknown[]>> = {
  binomial: [3, 12],
  multinomial: [5, 12],
  relaxedBernoulli: [5, { temperature: 0.7 }],
  relaxedOneHotCategorical: [5, { temperature: 0.7 }],
  truncatedNormal: [5, { low: -0.5, high: 2 }],
};

/** How an estimator is made, where it needs an option. One line each. */
const OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  gumbelSinkhorn: [{ temperature: 0.5 }],
  gumbelSoftmax: [{ temperature: 0.5 }],
  gappedStraightThrough: [{ temperature: 0.5 }],
  raoBlackwell: [{ coordinates: [0] }],
  sumAndSample: [{ terms: 2 }],
  unorderedSet: [{ draws: 3 }],
};

const found = <T>(gradex: Gradex, make: (f: (...given: unknown[]) => unknown, name: string) => unknown, is: (made: Record<string, unknown>) => boolean): readonly (readonly [string, T])[] =>
  Object.entries(gradex).flatMap(([name, exported]) => {
    try {
      const made = make(exported as (...given: unknown[]) => unknown, name);
      return typeof made === "object" && made !== null && is(made as Record<string, unknown>) ? [[name, made as T]] : [];
    } catch {
      return []; // not one of them: it wanted something else
    }
  });

/** Every family that the package exports. */
export const families = (gradex: Gradex): readonly (readonly [string, Family])[] =>
  found<Family>(gradex, (make, name) => make(...(SIZES[name] ?? [5])), ({ params, sample }) => params !== undefined && typeof sample === "function");

/** Every estimator that the package exports. */
export const estimators = (gradex: Gradex): readonly (readonly [string, Estimator])[] =>
  found<Estimator>(gradex, (make, name) => make(...(OPTIONS[name] ?? [])), ({ plan, unbiased }) => typeof plan === "function" && unbiased !== undefined);

const array = (precision: Precision, length: number, of: (i: number) => number): Points =>
  precision === "f64" ? Float64Array.from({ length }, (_, i) => of(i)) : Float32Array.from({ length }, (_, i) => of(i));

/** Numbers in (−1, 1) without a pattern, exact in both precisions. */
const spread = (i: number): number => ((i * 389 + 101) % 512) / 256 - 1 + 1 / 512;

/** Real numbers, positive ones, probabilities that sum to one: the first that a domain admits. */
const CANDIDATES: readonly ((i: number, width: number) => number)[] = [spread, (i) => spread(i) + 1.5, (i) => (spread(i) + 1) / 2, (_, width) => 1 / width];

/** Parameters whose numbers depend on one another, or must be narrower than their domain: of a family or of all that have them. One line each. */
const SPECIAL: Readonly<Record<string, (i: number, width: number) => number>> = {
  high: (i) => spread(i) + 3, // above low
  scaleTril: (i, width) => triangular(i, width),
  // With tails as heavy as these may have, the square of a draw is beyond f32.
  "inverseGamma.logConcentration": (i) => spread(i) + 2,
  "studentT.logDegrees": (i) => spread(i) + 2,
  // Alike in all problems: only then is their divergence closed.
  "negativeBinomial.logConcentration": (i, width) => spread(i % width),
};

/** θ of a family for `BATCH` problems, inside the domain of each parameter. */
export function parameters(p: Family, precision: Precision): Record<string, Points> {
  return Object.fromEntries(
    Object.entries(p.params).map(([name, shape]) => {
      const length = BATCH * shape.reduce((product, width) => product * width, 1);
      const width = shape.at(-1) ?? 1;
      const admits = p.domains[name]!.admits;
      const of = SPECIAL[`${p.name}.${name}`] ?? SPECIAL[name] ?? CANDIDATES.find((candidate) => array(precision, length, (i) => candidate(i, width)).every((x) => admits(x)));
      if (of === undefined) throw new Error(`digest: no numbers for ${p.name}.${name}, which wants ${p.domains[name]!.expected}. Add a candidate.`);
      return [name, array(precision, length, (i) => of(i, width))];
    }),
  );
}

/** Lower triangular with a positive diagonal. */
function triangular(i: number, width: number): number {
  const column = i % width;
  const row = Math.floor(i / width) % width;
  return column > row ? 0 : column === row ? 1 + spread(i) / 2 : spread(i) / 4;
}

/** f(x) = Σⱼ ½ (1 + j) (xⱼ − 0.3)², with its gradient: plain arithmetic, alike in every engine. */
export function integrand({ differentiable }: Gradex): Differentiable {
  return differentiable((x, value, gradient) => {
    const dim = x.length / value.length;
    for (let i = 0; i < value.length; i++) {
      value[i] = 0;
      for (let j = 0; j < dim; j++) {
        const off = x[i * dim + j]! - 0.3;
        value[i]! += ((1 + j) / 2) * off * off;
        gradient[i * dim + j] = (1 + j) * off;
      }
    }
  });
}
