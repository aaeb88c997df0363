/**
 * Whole estimates through the public functions, 1,000 samples of 256 coordinates: draws, f, terms, mean and standard error.
 *
 * f reads one coordinate, so that it costs little beside the estimate; "f alone" says how much.
 */
import * as flips from "../reference/distributions/bernoulli.ts";
import * as antithetic from "../reference/estimators/disarm.ts";
import * as path from "../reference/estimators/pathwise.ts";
import * as score from "../reference/estimators/score-function.ts";
import { type Field, region } from "../src/core/region.ts";
import { type Precision, sharedCore } from "../src/core/core.ts";
import { batched, bernoulli, differentiable, disarm, expectation, gradient, key, normal, pathwise, scoreFunction } from "../src/index.ts";
import { arrayOf, reserveTheta } from "../src/parameters.ts";
import type { Case, Floats } from "./case.ts";
import * as plain from "./twins.ts";

const SAMPLES = 1000;
const DIM = 256;
const elements = SAMPLES * DIM;
const stream = { key: key(1), site: 0, chunk: 0 };

function first(x: Floats, value: Floats): void {
  for (let i = 0; i < value.length; i++) value[i] = (x[i * DIM]! - 0.45) ** 2;
}

const logitsOf = (precision: Precision): Floats => arrayOf(precision, DIM).map((_, i) => 2 * Math.sin(i * i));

/** The kernels that an estimate on flips calls, each alone. */
function partsOfFlips(precision: Precision): { sample: () => void; pair: () => void; moments: () => void; disarm: () => void } {
  const p = bernoulli(DIM);
  const block = region(sharedCore(), precision);
  const { params, theta } = reserveTheta(block, p, 1);
  const [x, mirrored, coefficient, terms, mean, squares] = [elements, elements, SAMPLES, 16 * DIM, DIM, DIM].map((length) => block.reserve(length)) as [Field, Field, Field, Field, Field, Field];
  block.allocate("bench");
  params.view().set(logitsOf(precision) as Float64Array);
  coefficient.view().fill(0.1);
  const kernels = block.core.kernels[precision];
  p.prepare(kernels, params.at, theta);
  const sample = (): void => p.sample(kernels, stream, SAMPLES, theta, x.at);
  sample();
  return {
    sample,
    pair: () => p.antithetic.sample(kernels, stream, SAMPLES, theta, 0, 0, x.at, mirrored.at),
    moments: () => p.scoreMoments!(kernels, SAMPLES, 0, theta, x.at, coefficient.at, mean.at, squares.at),
    disarm() {
      for (let row = 0; row < SAMPLES; row += 16) {
        const from = row * DIM * block.bytes;
        kernels.arrayFill(16 * DIM, 0, terms.at);
        p.antithetic.disarm(kernels, Math.min(16, SAMPLES - row), theta, 0, x.at + from, mirrored.at + from, coefficient.at, terms.at);
        kernels.statisticsAccumulate(Math.min(16, SAMPLES - row), DIM, row, terms.at, mean.at, squares.at);
      }
    },
  };
}

function leaveOneOut(precision: Precision): Case {
  const params = { logits: logitsOf(precision) };
  const grad = gradient(expectation(bernoulli(DIM), batched(first)), scoreFunction(), { samples: SAMPLES, precision });
  const out = grad.estimate(params as never, key(1));
  const parts = partsOfFlips(precision);
  const [x, value, probs] = [arrayOf(precision, elements), arrayOf(precision, SAMPLES), flips.probs(params.logits)];
  let step = 0;
  let own: score.Estimate;
  return {
    name: `score function of 256 flips, leave-one-out ${precision}`,
    elements,
    kernel: () => grad.estimate(params as never, key(1).fold(step++), { out }),
    twin() {
      plain.flips(probs, x);
      first(x, value);
      own = score.combine(probs, x, value);
    },
    parts: { "f alone": () => first(x, value), "draws alone": parts.sample, "moments alone": parts.moments },
    outcome: () => ({ alike: "estimates", kernel: out.gradient.logits, twin: own.gradient, errors: [out.standardError.logits, own.standardError] }),
  };
}

function pairs(precision: Precision): Case {
  const params = { logits: logitsOf(precision) };
  const grad = gradient(expectation(bernoulli(DIM), batched(first)), disarm(), { samples: SAMPLES, precision });
  const out = grad.estimate(params as never, key(1));
  const parts = partsOfFlips(precision);
  const probs = flips.probs(params.logits);
  const [x, mirrored] = [arrayOf(precision, elements), arrayOf(precision, elements)];
  const [value, other] = [arrayOf(precision, SAMPLES), arrayOf(precision, SAMPLES)];
  let step = 0;
  let own: score.Estimate;
  return {
    name: `DisARM of 256 flips ${precision}`,
    elements,
    kernel: () => grad.estimate(params as never, key(1).fold(step++), { out }),
    twin() {
      plain.pairs(probs, x, mirrored);
      first(x, value);
      first(mirrored, other);
      own = antithetic.combine(probs, x, mirrored, value, other);
    },
    parts: { "f alone": () => (first(x, value), first(mirrored, other)), "draws alone": parts.pair, "terms and moments alone": parts.disarm },
    outcome: () => ({ alike: "estimates", kernel: out.gradient.logits, twin: own.gradient, errors: [out.standardError.logits, own.standardError] }),
  };
}

/** f = ½ x₀², and its gradient. */
function slope(x: Floats, value: Floats, gradient: Floats): void {
  gradient.fill(0);
  for (let i = 0; i < value.length; i++) {
    const at = x[i * DIM]!;
    value[i] = (at * at) / 2;
    gradient[i * DIM] = at;
  }
}

function paths(precision: Precision): Case {
  const params = { mean: arrayOf(precision, DIM).fill(1), logScale: arrayOf(precision, DIM).fill(-1) };
  const grad = gradient(expectation(normal(DIM), differentiable(slope)), pathwise(), { samples: SAMPLES, precision });
  const out = grad.estimate(params as never, key(1));
  const [x, value, into] = [arrayOf(precision, elements), arrayOf(precision, SAMPLES), arrayOf(precision, elements)];
  const scale = Math.exp(-1);
  let step = 0;
  let own: score.Estimate;
  return {
    name: `pathwise of 256 normals ${precision}`,
    elements,
    kernel: () => grad.estimate(params as never, key(1).fold(step++), { out }),
    twin() {
      plain.normals(x);
      for (let i = 0; i < elements; i++) x[i] = params.mean[i % DIM]! + scale * x[i]!;
      slope(x, value, into);
      own = path.combine(params.mean, x, into);
    },
    parts: { "f alone": () => slope(x, value, into) },
    outcome: () => ({
      alike: "estimates",
      kernel: [...out.gradient.mean, ...out.gradient.logScale],
      twin: own.gradient,
      errors: [[...out.standardError.mean, ...out.standardError.logScale], own.standardError],
    }),
  };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [leaveOneOut(precision), pairs(precision), paths(precision)]);
