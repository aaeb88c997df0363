/**
 * Relaxed estimators and learned control variates: whole estimates through the public functions, 1,000 samples of 256 coordinates,
 * and the latents given x alone.
 *
 * f reads one coordinate, so that it costs little beside the estimate. RELAX has 64 coordinates and a network of 16 as control variate; "and
 * learn" is the same estimate with the step that follows it, which the twin has not.
 */
import * as flips from "../reference/distributions/bernoulli.ts";
import * as choices from "../reference/distributions/categorical.ts";
import * as relaxation from "../reference/estimators/gumbel-softmax.ts";
import * as controls from "../reference/estimators/relax.ts";
import type { Estimate } from "../reference/estimators/score-function.ts";
import * as through from "../reference/estimators/straight-through.ts";
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import {
  batched, bernoulli, differentiable, type Differentiable, type Estimator, expectation, gappedStraightThrough, type Gradient, gradient, gumbelSoftmax, type Integrand, key, oneHotCategorical, rebar, relax,
  type Shapes, straightThrough,
} from "../src/index.ts";
import { arrayOf } from "../src/parameters.ts";
import { relaxations } from "../src/wasm/modules.ts";
import type { Case, Floats } from "./case.ts";
import { layout, scattered, stream } from "./layout.ts";
import * as plain from "./twins.ts";

const SAMPLES = 1000;
const TEMPERATURE = 0.5;

const logitsOf = (precision: Precision, dim: number): Floats => arrayOf(precision, dim).map((_, i) => 2 * Math.sin(i * i));

/** f = (x₀ − 0.45)² and its slope, of points of this width. */
function smooth(dim: number): (x: Floats, value: Floats, slope: Floats) => void {
  return (x, value, slope) => {
    slope.fill(0);
    for (let i = 0; i < value.length; i++) {
      const off = x[i * dim]! - 0.45;
      value[i] = off * off;
      slope[i * dim] = 2 * off;
    }
  };
}

interface Twin {
  readonly by: Estimator<never, never>;
  readonly f: Integrand | Differentiable;
  readonly dim: number;
  readonly twin: () => Estimate;
}

/** A whole estimate of flips beside its twin. */
function whole(name: string, precision: Precision, { by, f, dim, twin }: Twin): Case {
  const grad = gradient(expectation(bernoulli(dim), f), by as Estimator<unknown, unknown> as never, { samples: SAMPLES, precision }) as unknown as Gradient<Shapes, Shapes>;
  const params = { logits: logitsOf(precision, dim) };
  const out = grad.estimate(params, key(1), { learn: false });
  let step = 0;
  let own: Estimate;
  return {
    name: `${name} ${precision}`,
    elements: SAMPLES * dim,
    kernel: () => grad.estimate(params, key(1).fold(step++), { out, learn: false }),
    twin: () => void (own = twin()),
    ...(by.unbiased && { parts: { "and learn": () => grad.estimate(params, key(1).fold(step++), { out, learn: true }) } }),
    outcome: () => ({ alike: "estimates", kernel: out.gradient["logits"]!, twin: own.gradient, errors: [out.standardError["logits"]!, own.standardError] }),
  };
}

function relaxed(precision: Precision): Case[] {
  const dim = 256;
  const [logits, n] = [logitsOf(precision, dim), SAMPLES * dim];
  const probs = flips.probs(logits);
  const [z, x, y, slope, given] = [0, 0, 0, 0, 0].map(() => arrayOf(precision, n)) as [Floats, Floats, Floats, Floats, Floats];
  const [value, ofGiven, slopeGiven, soft] = [arrayOf(precision, SAMPLES), arrayOf(precision, SAMPLES), arrayOf(precision, n), arrayOf(precision, SAMPLES)];
  const evaluate = smooth(dim);
  const f = differentiable(evaluate);
  /** ∂c/∂z from ∂f/∂y, in its place. */
  const pulled = (own: Floats, into: Floats): void => own.forEach((each, i) => (into[i]! *= (each * (1 - each)) / TEMPERATURE));
  return [
    whole("Gumbel-softmax of 256 flips", precision, {
      by: gumbelSoftmax({ temperature: TEMPERATURE }), f, dim,
      twin() {
        plain.latents(logits, z, x);
        relaxation.soften(z, TEMPERATURE, y);
        evaluate(y, value, slope);
        return relaxation.combine(dim, y, TEMPERATURE, slope);
      },
    }),
    whole("straight-through of 256 flips", precision, {
      by: straightThrough(), f, dim,
      twin() {
        plain.flips(probs, x);
        evaluate(x, value, slope);
        return through.combine(probs, slope);
      },
    }),
    whole("gapped straight-through of 256 flips", precision, {
      by: gappedStraightThrough({ temperature: TEMPERATURE }), f, dim,
      twin() {
        plain.flips(probs, x);
        evaluate(x, value, slope);
        through.gapped(logits, x, 1, TEMPERATURE, y);
        return relaxation.combine(dim, y, TEMPERATURE, slope);
      },
    }),
    whole("REBAR of 256 flips", precision, {
      by: rebar({ temperature: TEMPERATURE, learn: ["eta"] }), f, dim,
      twin() {
        plain.latents(logits, z, x);
        plain.latentsGiven(logits, probs, x, given);
        relaxation.soften(given, TEMPERATURE, y);
        evaluate(y, ofGiven, slopeGiven);
        pulled(y, slopeGiven);
        relaxation.soften(z, TEMPERATURE, y);
        evaluate(y, soft, slope);
        pulled(y, slope);
        evaluate(x, value, z);
        return controls.combine(probs, { x, value, control: ofGiven, given, slope, slopeGiven });
      },
    }),
  ];
}

function learned(precision: Precision): Case {
  const [dim, hidden] = [64, 16];
  const [logits, n] = [logitsOf(precision, dim), SAMPLES * dim];
  const probs = flips.probs(logits);
  const zeros = new Float64Array(hidden);
  const weights = Float64Array.from({ length: dim * hidden }, (_, i) => 0.2 * Math.sin(i * i));
  const control = { weights, bias: zeros, output: zeros, linear: new Float64Array(dim), constant: 0 };
  const [z, x, given, slope, slopeGiven] = [0, 0, 0, 0, 0].map(() => arrayOf(precision, n)) as [Floats, Floats, Floats, Floats, Floats];
  const [value, ofZ, ofGiven] = [0, 0, 0].map(() => arrayOf(precision, SAMPLES)) as [Floats, Floats, Floats];
  const evaluate = (points: Floats, into: Floats): void => into.forEach((_, i) => (into[i] = (points[i * dim]! - 0.45) ** 2));
  return whole("RELAX of 64 flips", precision, {
    by: relax(), f: batched(evaluate), dim,
    twin() {
      plain.latents(logits, z, x);
      plain.latentsGiven(logits, probs, x, given);
      controls.network(control, z, ofZ, slope);
      controls.network(control, given, ofGiven, slopeGiven);
      evaluate(x, value);
      return controls.combine(probs, { x, value, control: ofGiven, given, slope, slopeGiven });
    },
  });
}

function givenFlips(precision: Precision): Case {
  const [rows, dim] = [1000, 256];
  const n = rows * dim;
  const p = bernoulli(dim);
  const { kernels, theta, params, fields } = layout({ ...p, modules: [relaxations] }, precision, 1, [n, n], scattered);
  const [x, z] = fields as [Field, Field];
  p.sample(kernels, stream, rows, theta, x.at);
  const [probs, drawn, own] = [flips.probs(params), x.view().slice(), arrayOf(precision, n)];
  return {
    name: `binary Concrete given x ${precision}`,
    elements: n,
    kernel: () => p.conditional.draw(kernels, stream, rows, theta, x.at, z.at),
    twin: () => plain.latentsGiven(params, probs, drawn, own),
    outcome: () => ({ alike: "moments", kernel: z.view(), twin: own }),
  };
}

function givenChoice(precision: Precision): Case {
  const [rows, categories] = [10_000, 32];
  const n = rows * categories;
  const p = oneHotCategorical(categories);
  const { kernels, theta, params, fields } = layout({ ...p, modules: [relaxations] }, precision, 1, [n, n], scattered);
  const [x, z] = fields as [Field, Field];
  p.sample(kernels, stream, rows, theta, x.at);
  const [probs, drawn, own] = [choices.probs(params), x.view().slice(), arrayOf(precision, n)];
  return {
    name: `Concrete given x 32 ${precision}`,
    elements: n,
    kernel: () => p.conditional.draw(kernels, stream, rows, theta, x.at, z.at),
    twin: () => plain.choicesGiven(probs, drawn, own),
    outcome: () => ({ alike: "moments", kernel: z.view(), twin: own }),
  };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [...relaxed(precision), learned(precision), givenFlips(precision), givenChoice(precision)]);
