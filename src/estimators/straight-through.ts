import { finite, onlyOptions, wrongKind } from "../errors.ts";
import type { Centred, Gapped, Invertible, Relaxable } from "../vocabulary/distribution.ts";
import { type Biased, biasedEstimator, type Definition, type Estimator } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators, relaxations } from "../wasm/modules.ts";
import { withNoise } from "./point-sets.ts";
import { everyValue, relaxed } from "./relaxed.ts";
import { bindTemperature, type Temperature, temperatureOf } from "./temperature.ts";

export interface StraightThroughOptions {
  /** Leads the slope of f through the relaxed point at this temperature, instead of through the mean of x. */
  readonly temperature: Temperature;
}

export interface StraightThroughNoise {
  /** Point sets to draw from, one to a sample: `sobol({ points: 64 })`. Independent points unless given; not beside a temperature. */
  readonly noise: Noise;
}

export interface GappedStraightThroughOptions {
  /** Of the softened logits; a number > 0 or a schedule. */
  readonly temperature: Temperature;
  /** By how much the drawn outcome leads the others in the moved logits; > 0, 1 unless given. */
  readonly gap?: number;
}

/**
 * Straight-through: ∂f/∂x at the draw, times ∂E[x]/∂θ, as if f were linear. Bengio, Léonard & Courville 2013.
 *
 * **Biased** in θ unless f is linear in each coordinate; no temperature, little variance. E[f] and the gradient of f's own parameters
 * are unbiased. With a `temperature` the slope goes through the relaxed point: the same as `gumbelSoftmax({ temperature, hard: true })`.
 * 1 evaluation of f and its gradient per sample.
 *
 * *Requirements*: `p` has a mean that can be differentiated, with a `temperature` a relaxation (`bernoulli`, `oneHotCategorical` have
 * both); f is differentiable.
 *
 * @throws {TypeError | RangeError} if the temperature is not a number > 0 or a function
 */
export function straightThrough(options: StraightThroughOptions): Biased<Estimator<Relaxable, Differentiable>>;
export function straightThrough(options: StraightThroughNoise): Biased<Estimator<Centred & Invertible, Differentiable>>;
export function straightThrough(options?: { readonly temperature?: undefined }): Biased<Estimator<Centred, Differentiable>>;
export function straightThrough(options: { readonly temperature?: Temperature | undefined; readonly noise?: Noise } = {}): Biased<Estimator<never, Differentiable>> {
  const caller = "straightThrough";
  onlyOptions(caller, options, ["temperature", "noise"]);
  const { temperature, noise } = options;
  if (temperature !== undefined && noise !== undefined) throw wrongKind(caller, "noise", "none beside a temperature", noise, "A relaxation has noise of its own.");
  if (temperature !== undefined) return relaxed("straight-through", temperatureOf(caller, temperature), true);
  const own: Definition<Centred, Differentiable, never> = {
    name: "straight-through",
    unbiased: false,
    biased: ["distribution"],
    distribution: ["centre"],
    integrand: ["differentiable"],
    modules: [relaxations, estimators],
    plan: () => ({ value: 0, gradient: 1, scratch: {} }),
    bind: (p) => ({
      propose: ({ kernels, rows, theta, soft }, draw) => p.sample(kernels, draw(0), rows, theta, soft.x),
      combine: everyValue,
      terms: ({ kernels, theta, soft, dim, bytes }, { first, rows }, terms) => p.centre.pull(kernels, rows, theta, soft.gradient + first * dim * bytes, terms),
    }),
  };
  return biasedEstimator<Centred & Invertible, Differentiable, string>({ ...withNoise(caller, own, noise), unbiased: false, biased: ["distribution"] });
}

/**
 * Gapped straight-through: ∂f/∂x at the draw x, led through soften(z / temperature), z the logits moved no further than makes x their
 * largest by a gap. No Gumbel noise enters, so it varies less than straight-through Gumbel-softmax. Fan, Chi, Rudnicky & Ramadge 2022.
 *
 * **Biased** in θ; E[f] and the gradient of f's own parameters are unbiased. 1 evaluation of f and its gradient per sample.
 *
 * *Requirements*: `p` has a gap (`bernoulli`, `oneHotCategorical`); f is differentiable.
 *
 * @throws {TypeError | RangeError} if the temperature is not a number > 0 or a function, or the gap not a number > 0
 */
export function gappedStraightThrough(options: GappedStraightThroughOptions): Biased<Estimator<Gapped, Differentiable>> {
  const caller = "gappedStraightThrough";
  onlyOptions(caller, options, ["temperature", "gap"]);
  const temperature = temperatureOf(caller, options.temperature);
  const gap = finite(caller, "gap", options.gap ?? 1, "a number > 0", (x) => x > 0);
  return biasedEstimator<Gapped, Differentiable, "z" | "y" | "cotangent">({
    name: "gapped-straight-through",
    unbiased: false,
    biased: ["distribution"],
    distribution: ["relaxation", "gapped"],
    integrand: ["differentiable"],
    modules: [relaxations],
    plan: ({ relaxation: { dim } }) => ({ value: 0, gradient: 1, scratch: { z: dim, y: dim, cotangent: dim } }),
    bind: ({ sample, gapped, relaxation }, site) => {
      const schedule = bindTemperature("gapped-straight-through", temperature, site);
      return {
        propose({ kernels, rows, theta, soft }, draw) {
          schedule.begin();
          sample(kernels, draw(0), rows, theta, soft.x);
        },
        combine: everyValue,
        terms({ kernels, theta, soft, at, dim, bytes }, { first, rows }, terms) {
          const from = first * dim * bytes;
          gapped(kernels, rows, theta, soft.x + from, gap, at.z);
          relaxation.soften(kernels, rows, at.z, schedule.now(), at.y);
          if (relaxation.pullThrough !== undefined) return relaxation.pullThrough(kernels, rows, at.y, schedule.now(), soft.gradient + from, terms);
          relaxation.pull(kernels, rows, at.y, schedule.now(), soft.gradient + from, at.cotangent);
          relaxation.latent.pull(kernels, rows, theta, 0, at.z, at.cotangent, terms);
        },
        learn: schedule.learn,
      };
    },
  });
}
