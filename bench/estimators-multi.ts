/**
 * Whole estimates of the estimators that take several points a sample, through the public functions. f costs little: it reads one
 * coordinate or looks a choice up.
 */
import * as flips from "../reference/distributions/bernoulli.ts";
import * as choice from "../reference/distributions/categorical.ts";
import * as sets from "../reference/estimators/arms.ts";
import * as pairs from "../reference/estimators/choice-pairs.ts";
import * as doubly from "../reference/estimators/dreg.ts";
import { weigh } from "../reference/estimators/importance-bound.ts";
import { type Estimate, estimate, sums } from "../reference/estimators/score-function.ts";
import * as support from "../reference/estimators/sum-and-sample.ts";
import * as unordered from "../reference/estimators/unordered-set.ts";
import * as vimcoTwin from "../reference/estimators/vimco.ts";
import type { Precision } from "../src/core/core.ts";
import {
  arm, arms, batched, bernoulli, categorical, differentiable, disarm, dreg, type Estimator, expectation, gradient, importanceBound, normal, pathwise, sumAndSample, unorderedSet, vimco,
} from "../src/index.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Case, Floats } from "./case.ts";
import { unit } from "./random.ts";
import * as plain from "./twins.ts";
import { type Parameters, whole as wholeCase } from "./whole.ts";

const SAMPLES = 1000;
const logitsOf = (precision: Precision, dim: number): Floats => arrayOf(precision, dim).map((_, i) => 2 * Math.sin(i * i)) as Floats;

/** A case of a whole estimate, with f alone beside it. */
const whole = (name: string, elements: number, made: object, params: Parameters, f: () => void, twin: () => Estimate): Case => wholeCase({ name, elements, made, params, twin, parts: { "f alone": f } });

/** Adds a sample's terms to the sums, and clears them. */
function take(all: ReturnType<typeof sums>, terms: Float64Array): void {
  for (let j = 0; j < terms.length; j++) {
    all.terms[j]! += terms[j]!;
    all.squares[j]! += terms[j]! ** 2;
    terms[j] = 0;
  }
}

function mutual(precision: Precision): Case {
  const [dim, draws] = [256, 4];
  const f = (x: Floats, value: Floats): void => {
    for (let i = 0; i < value.length; i++) value[i] = (x[i * dim]! - 0.45) ** 2;
  };
  const logits = logitsOf(precision, dim);
  const probs = flips.probs(logits);
  const x = arrayOf(precision, draws * SAMPLES * dim);
  const [value, terms] = [arrayOf(precision, draws * SAMPLES), arrayOf(precision, SAMPLES * dim)];
  const made = gradient(expectation(bernoulli(dim), batched(f)), arms({ draws }), { samples: SAMPLES, precision });
  return whole(`ARMS of 256 flips, 4 draws ${precision}`, draws * SAMPLES * dim, made, { logits }, () => f(x, value), () => {
    sets.sample(() => -Math.log(unit()), draws, probs, x);
    f(x, value);
    terms.fill(0);
    sets.terms(draws, probs, x, value, terms);
    const all = sums(dim);
    const row = new Float64Array(dim);
    for (let r = 0; r < SAMPLES; r++) {
      row.set(terms.subarray(r * dim, (r + 1) * dim));
      take(all, row);
    }
    return estimate(SAMPLES, all);
  });
}

const worths = Float64Array.from({ length: 100 }, (_, k) => Math.sin(3 * k));
const worth = (index: number): number => worths[index]!;
const lookUp = (x: Floats, value: Floats): void => {
  for (let i = 0; i < value.length; i++) value[i] = worth(x[i]!);
};

function choices(word: "DisARM" | "ARM", categories: number, precision: Precision): Case {
  const logits = logitsOf(precision, categories);
  const p = choice.probs(logits);
  const by = word === "ARM" ? arm() : disarm();
  const made = gradient(expectation(categorical(categories), batched(lookUp)), by, { samples: 10 * SAMPLES, precision });
  const terms = new Float64Array(categories);
  const [x, value] = [arrayOf(precision, 20 * SAMPLES), arrayOf(precision, 20 * SAMPLES)];
  return whole(`${word} of a choice of ${categories} ${precision}`, 10 * SAMPLES * categories, made, { logits }, () => lookUp(x, value), () => {
    const sticks = pairs.sticks(p);
    const all = sums(categories);
    for (let r = 0; r < 10 * SAMPLES; r++) {
      const [own, other] = pairs.pair(unit, sticks);
      pairs.disarm(p, sticks, own, other, worth(sticks.order[own]!) - worth(sticks.order[other]!), terms);
      take(all, terms);
    }
    return estimate(10 * SAMPLES, all);
  });
}

function multiSample(precision: Precision): Case {
  const [dim, particles] = [64, 8];
  const rows = particles * SAMPLES;
  const f = (x: Floats, value: Floats): void => {
    for (let i = 0; i < value.length; i++) value[i] = -2 * x[i * dim]!;
  };
  const logits = logitsOf(precision, dim);
  const probs = flips.probs(logits);
  const x = arrayOf(precision, rows * dim);
  const [value, logs, weight, coefficient] = [0, 1, 2, 3].map(() => arrayOf(precision, rows)) as [Floats, Floats, Floats, Floats];
  const total = arrayOf(precision, SAMPLES);
  const [one, zero] = [probs.map(Math.log), probs.map((q) => Math.log(1 - q))];
  const made = gradient(importanceBound(bernoulli(dim), batched(f), { particles }), vimco(), { samples: SAMPLES, precision });
  return whole(`VIMCO of 64 flips, 8 particles ${precision}`, rows * dim, made, { logits }, () => f(x, value), () => {
    plain.flips(probs, x);
    f(x, value);
    for (let i = 0, at = 0; i < rows; i++) {
      let log = 0;
      for (let j = 0; j < dim; j++, at++) log += x[at] === 1 ? one[j]! : zero[j]!;
      logs[i] = value[i]! - log;
    }
    vimcoTwin.combine(particles, true, logs, weight, coefficient, total);
    const all = sums(dim);
    const terms = new Float64Array(dim);
    for (let r = 0; r < SAMPLES; r++) {
      for (let k = 0; k < particles; k++) {
        const c = coefficient[k * SAMPLES + r]!;
        for (let j = 0, at = (k * SAMPLES + r) * dim; j < dim; j++, at++) terms[j]! += c * (x[at]! - probs[j]!);
      }
      take(all, terms);
    }
    return estimate(SAMPLES, all);
  });
}

function paths(word: "DReG" | "pathwise", precision: Precision): Case {
  const [dim, particles] = [64, 8];
  const rows = particles * SAMPLES;
  const f = (x: Floats, value: Floats, slope: Floats): void => {
    // Of all coordinates: where f is flat the gradient along the path has no noise to compare.
    for (let i = 0, at = 0; i < value.length; i++) {
      let sum = 0;
      for (let j = 0; j < dim; j++, at++) {
        sum -= 0.5 * x[at]! * x[at]!;
        slope[at] = -x[at]!;
      }
      value[i] = sum;
    }
  };
  const [mean, logScale] = [arrayOf(precision, dim).fill(0.1), arrayOf(precision, dim).fill(-0.1)];
  const scale = Math.exp(-0.1);
  const [x, slope] = [arrayOf(precision, rows * dim), arrayOf(precision, rows * dim)];
  const [value, logs, weight] = [0, 1, 2].map(() => arrayOf(precision, rows)) as [Floats, Floats, Floats];
  const total = arrayOf(precision, SAMPLES);
  const q = importanceBound(normal(dim), differentiable(f), { particles });
  const by = (word === "DReG" ? dreg() : pathwise()) as ReturnType<typeof dreg>;
  const made = gradient(q, by, { samples: SAMPLES, precision });
  return whole(`${word} of 64 normals, 8 particles ${precision}`, rows * dim, made, { mean, logScale }, () => f(x, value, slope), () => {
    plain.normals(x);
    for (let i = 0, at = 0; i < rows; i++) {
      let log = dim * 0.1;
      for (let j = 0; j < dim; j++, at++) {
        log -= 0.5 * x[at]! * x[at]!;
        x[at] = mean[j]! + scale * x[at]!;
      }
      logs[i] = -log;
    }
    f(x, value, slope);
    for (let i = 0; i < rows; i++) logs[i]! += value[i]!;
    weigh(particles, logs, weight, total);
    return doubly.combine(particles, word === "DReG", mean, scale, x, slope, weight);
  });
}

function summed(precision: Precision): Case {
  const [categories, terms] = [100, 4];
  const logits = logitsOf(precision, categories);
  const p = choice.probs(logits);
  const by = sumAndSample({ terms }) as Estimator<never, never> as ReturnType<typeof unorderedSet>;
  const made = gradient(expectation(categorical(categories), batched(lookUp)), by, { samples: SAMPLES, precision });
  const [x, seen] = [arrayOf(precision, (terms + 1) * SAMPLES), arrayOf(precision, (terms + 1) * SAMPLES)];
  const [total, others] = [new Float64Array(SAMPLES), new Int32Array(SAMPLES)];
  return whole(`sum and sample of a choice of 100, 4 terms ${precision}`, SAMPLES * categories, made, { logits }, () => lookUp(x, seen), () => {
    const order = support.rank(p);
    const first = order.slice(0, terms);
    const rest = 1 - first.reduce((sum, k) => sum + p[k]!, 0);
    let sum = 0;
    for (let r = 0; r < SAMPLES; r++) {
      others[r] = support.draw(unit, p, order, terms, rest);
      sum += total[r] = first.reduce((part, k) => part + p[k]! * worth(k), 0) + rest * worth(others[r]!);
    }
    const all = sums(categories);
    const row = new Float64Array(categories);
    const add = (k: number, c: number): void => {
      row[k]! += c;
      for (let j = 0; j < categories; j++) row[j]! -= c * p[j]!;
    };
    for (let r = 0; r < SAMPLES; r++) {
      const b = (sum - total[r]!) / (SAMPLES - 1);
      for (const k of first) add(k, p[k]! * (worth(k) - b));
      add(others[r]!, rest * (worth(others[r]!) - b));
      take(all, row);
    }
    return estimate(SAMPLES, all);
  });
}

function withoutReplacement(precision: Precision): Case {
  const [categories, draws] = [100, 4];
  const logits = logitsOf(precision, categories);
  const p = choice.probs(logits);
  const made = gradient(expectation(categorical(categories), batched(lookUp)), unorderedSet({ draws }), { samples: SAMPLES, precision });
  const [x, seen] = [arrayOf(precision, draws * SAMPLES), arrayOf(precision, draws * SAMPLES)];
  const set = new Int32Array(draws);
  const [probs, value, coefficient, next, row] = [draws, draws, draws, 1 << draws, categories].map((length) => new Float64Array(length)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return whole(`unordered set of a choice of 100, 4 draws ${precision}`, SAMPLES * categories, made, { logits }, () => lookUp(x, seen), () => {
    const all = sums(categories);
    for (let r = 0; r < SAMPLES; r++) {
      unordered.draw(unit, p, set);
      let outside = 1;
      for (let i = 0; i < draws; i++) {
        probs[i] = p[set[i]!]!;
        value[i] = worth(set[i]!);
        outside -= probs[i]!;
      }
      unordered.table(probs, outside, next);
      unordered.weigh(probs, next, value, coefficient);
      for (let i = 0; i < draws; i++) {
        row[set[i]!]! += coefficient[i]!;
        for (let j = 0; j < categories; j++) row[j]! -= coefficient[i]! * p[j]!;
      }
      take(all, row);
    }
    return estimate(SAMPLES, all);
  });
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [
  mutual(precision), choices("DisARM", 10, precision), choices("DisARM", 100, precision), choices("ARM", 10, precision), multiSample(precision), paths("DReG", precision), paths("pathwise", precision),
  summed(precision), withoutReplacement(precision),
]);
