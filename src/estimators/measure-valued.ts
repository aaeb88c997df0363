import type { Field } from "../core/region.ts";
import { onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { type Coupling, COUPLINGS, type Distribution, eachPart, type Invertible, type Measurable, sizeOf, WEAK_SITES } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";
import { withNoise } from "./point-sets.ts";

export interface MeasureValuedOptions {
  /**
   * How the two points of an entry share their randomness: "same" unless given. None is best everywhere; "pilot" tries all three,
   * an estimate each, and from then on each entry of θ keeps the one whose measured variance was least.
   */
  readonly coupling?: Coupling | "pilot";
  /** Whether f is evaluated at x itself too: it gives the value and the gradient of f's own parameters. True unless given. */
  readonly base?: boolean;
  /** Point sets to draw x from, one to a sample; what x⁺ and x⁻ draw anew stays independent. Independent points unless given. */
  readonly noise?: Noise;
}

/**
 * Measure-valued derivatives: ∂ E f/∂θₑ = c (E f(x⁺) − E f(x⁻)), x⁺ and x⁻ drawn from the two parts of ∂p/∂θₑ, for each number θₑ.
 *
 * Unbiased for any f, differentiable or not; with few parameters often of less variance than any other. 2 evaluations of f for
 * each number of a problem's parameters, and one more at the base point, per sample. Pflug 1989; Mohamed, Rosca, Figurnov & Mnih 2020.
 *
 * *Requirements*: `p` has a weak derivative, and a quantile for `noise`; f its values.
 *
 * @throws {TypeError} if an option is unknown, or `base` is no boolean
 * @throws {RangeError} if `coupling` is none of the four
 */
export function measureValued(options: MeasureValuedOptions & { readonly noise: Noise }): Estimator<Measurable & Invertible, Integrand>;
export function measureValued(options?: MeasureValuedOptions): Estimator<Measurable, Integrand>;
export function measureValued(options: MeasureValuedOptions = {}): Estimator<Measurable & Invertible, Integrand> {
  onlyOptions("measureValued", options, ["coupling", "base", "noise"]);
  const { coupling = "same", base = true } = options;
  if (coupling !== "pilot" && !COUPLINGS.includes(coupling)) throw wrongValue("measureValued", "coupling", '"same", "antithetic", "independent" or "pilot"', coupling);
  if (typeof base !== "boolean") throw wrongKind("measureValued", "base", "true or false", base);
  const own: Definition<Measurable, Integrand, Scratch> = {
    name: "measure-valued",
    unbiased: true,
    modules: [estimators],
    distribution: ["weak"],
    integrand: [],
    plan: ({ params, dim }) => ({
      value: 2 * sizeOf(params) + (base ? 1 : 0),
      gradient: 0,
      scratch: { coefficient: sizeOf(params), base: base ? 0 : dim },
      valueless: !base,
      least: coupling === "pilot" ? 2 : 1,
    }),
    bind: (p, site) => bind(p, base, coupling === "pilot" ? pilot(p, site) : { of: () => coupling }),
  };
  return estimator(withNoise("measureValued", own, options.noise));
}

type Scratch = "coefficient" | "base";
type Work = Workspace<Scratch>;

/** Which coupling an entry has in the estimate at hand. */
interface Couplings {
  readonly of: (entry: number) => Coupling;
  readonly learn?: (work: Work) => void;
}

function bind(p: Distribution & Measurable, base: boolean, couplings: Couplings): Bound<Scratch> {
  const size = sizeOf(p.params);
  const first = base ? 1 : 0; // block of the first entry
  return {
    propose: ({ kernels, rows, theta, hard, at, dim, bytes }, draw) => {
      const x = base ? hard.x : at.base;
      const block = rows * dim * bytes;
      p.sample(kernels, draw(0), rows, theta, x);
      for (let entry = 0; entry < size; entry++) {
        const plus = hard.x + (first + 2 * entry) * block;
        p.weak.draw(kernels, draw(1 + WEAK_SITES * entry), rows, theta, entry, couplings.of(entry), x, plus, plus + block, at.coefficient + entry * rows * bytes);
      }
    },
    combine: ({ kernels, rows, hard, at, total, bytes }) => {
      kernels.measureValuedWeigh(size, rows, hard.value + first * rows * bytes, at.coefficient, at.coefficient);
      kernels.arrayFill(hard.points * rows, 0, hard.weight); // x⁺ and x⁻ are no draws of p
      if (base) kernels.arrayFill(rows, 1, hard.weight);
      if (base) kernels.arrayCopy(rows, hard.value, total);
      else kernels.arrayFill(rows, Number.NaN, total);
    },
    terms: ({ kernels, rows: stride, at, bytes }, { first, rows }, terms) => {
      eachPart(p.params, 1, (_, entry, width) => {
        kernels.measureValuedTerms(rows, width, stride, at.coefficient + (entry * stride + first) * bytes, terms + entry * rows * bytes);
      });
    },
    ...(couplings.learn && { learn: couplings.learn }),
  };
}

/** Rounds of one coupling each, then each entry's best: always chosen before the samples it serves are drawn, so it costs no bias. */
function pilot(p: Distribution, { region, batch, remember }: Site): Couplings {
  const size = sizeOf(p.params);
  const round = remember("measureValued.round", 1, "f64");
  const variance = remember("measureValued.variance", COUPLINGS.length * size, "f64");
  const [mean, squares] = [region.reserve(batch), region.reserve(batch)];
  const best = (entry: number): Coupling => {
    const of = (coupling: number): number => variance.view()[coupling * size + entry]!;
    let least = 0;
    for (let other = 1; other < COUPLINGS.length; other++) if (of(other) < of(least)) least = other;
    return COUPLINGS[least]!;
  };
  return {
    of: (entry) => COUPLINGS[round.view()[0]!] ?? best(entry),
    learn: ({ kernels, samples, rows, at, bytes }) => {
      const done = round.view()[0]!;
      if (done >= COUPLINGS.length) return;
      for (let entry = 0; entry < size; entry++) {
        kernels.statisticsAccumulate(samples, batch, 0, at.coefficient + entry * rows * bytes, mean.at, squares.at);
        variance.view()[done * size + entry] = spreadOf(squares) / ((samples - 1) * batch);
      }
      round.view()[0] = done + 1;
    },
  };
}

function spreadOf(squares: Field): number {
  let sum = 0;
  for (const square of squares.view()) sum += square;
  return sum;
}
