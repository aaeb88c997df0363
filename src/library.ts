import { type BatchOptions, entropyOfOn, klOfOn, meanOn, varianceOn } from "./closed-form.ts";
import { type Advice, adviseOn, type AdviseOptions } from "./advice/advise.ts";
import { type Certificate, certifyOn, type CertifyOptions } from "./advice/certify.ts";
import { type ArrayOf, type Core, type CoreOptions, instance, type Points, type Precision, sharedCore } from "./core/core.ts";
import { BESIDE } from "./core/module.ts";
import { integer, onlyOptions, wrongKind } from "./errors.ts";
import type { Estimating, Gradient } from "./estimate.ts";
import { type GradientOptions, gradientOn, type ThetaOf } from "./gradient.ts";
import type { Key } from "./key.ts";
import { type ProgramGradient, programGradientOn, type ProgramGradientOptions } from "./backward/program-gradient.ts";
import { checkMinimize, type MinimizeOptions, type Progress, stepsOn } from "./minimize.ts";
import { type Optimization, optimizationOn } from "./optimization.ts";
import { type Random, type Replayed, replayOn, type ReplayOptions, type ReplayParameters } from "./replay/replay.ts";
import type { Results } from "./programs/arguments.ts";
import { type Derivative, type DerivativeOptions, derivativeOn } from "./programs/derivative.ts";
import type { Parameter, Program } from "./programs/program.ts";
import { runOn, type RunOptions } from "./programs/run.ts";
import { type StochasticTriple, stochasticTripleOn } from "./programs/stochastic-triple.ts";
import { logProbOn, sampleOn, type SampleOptions, scoreOn } from "./sample.ts";
import { type Clouds, type Divergence, type DivergenceOptions, sinkhornDivergenceOn } from "./divergence.ts";
import { type Sinkhorn, sinkhornOn, type SinkhornSteps, sinkhornStepsOn } from "./sinkhorn.ts";
import type { Averaged, Dense, Distribution, Divergent, Domain, Entropic, Scored, Shapes, ShapesOf, Values } from "./vocabulary/distribution.ts";
import { type SoftOrder, type SoftOrderOptions, type SoftQuantileOptions, softQuantileOn, softRankOn, softSortOn, type SoftTopKOptions, softTopKOn } from "./soft-sort.ts";
import type { Estimator } from "./vocabulary/estimator.ts";
import type { Expectation, Kind, Objective } from "./vocabulary/objective.ts";
import { type Triples, triplesOn } from "./triples/triples.ts";
import { type Telemetry, type TelemetryJSON, telemetryOn, type TelemetryOptions } from "./telemetry/telemetry.ts";
import { type Matching, matchingOn, type MatchingOptions } from "./transport/matching.ts";
import type { Optimizer } from "./vocabulary/optimizer.ts";

/** The functions that compute, on one core. */
export interface Library {
  gradient<D, F, K extends Kind, P extends Precision = "f64">(
    objective: Objective<D, F, K>,
    by: Estimator<NoInfer<D>, NoInfer<F>, NoInfer<K>>,
    options: GradientOptions<P>,
  ): Gradient<ShapesOf<D> & ShapesOf<F>, ThetaOf<D>, ArrayOf<P>>;
  sample<S extends Shapes, A extends Points>(p: Distribution<S>, params: Values<S, A>, key: Key, options: SampleOptions): A;
  logProb<S extends Shapes, A extends Points>(p: Distribution<S> & Dense, params: Values<S, A>, x: A, options?: { readonly batch?: number }): A;
  score<S extends Shapes, A extends Points>(p: Distribution<S> & Scored, params: Values<S, A>, x: A, options?: { readonly batch?: number }): Values<S, A>;
  mean<S extends Shapes, A extends Points>(p: Distribution<S> & Averaged, params: Values<S, A>, options?: BatchOptions): A;
  variance<S extends Shapes, A extends Points>(p: Distribution<S> & Averaged, params: Values<S, A>, options?: BatchOptions): A;
  entropyOf<S extends Shapes, A extends Points>(p: Distribution<S> & Entropic, params: Values<S, A>, options?: BatchOptions): A;
  klOf<S extends Shapes, A extends Points>(
    p: Distribution<S> & Pick<Divergent, "divergence"> & { readonly domains: { readonly [N in keyof S]: Domain } },
    params: Values<S, A>,
    prior: Values<S>,
    options?: BatchOptions,
  ): A;
  run<N extends string, P extends Precision = "f64">(program: Program<N>, parameters: { readonly [K in N]: Parameter }, key: Key, options: RunOptions<P>): ArrayOf<P>;
  derivative<V extends Readonly<Record<string, Parameter>>>(program: Program<Extract<keyof V, string>>, parameters: V, key: Key, options: DerivativeOptions): Derivative<Results<V>>;
  programGradient<N extends string, C extends string = never, P extends Precision = "f64">(program: Program<N, C>, options: ProgramGradientOptions<P>): ProgramGradient<{ readonly [K in N]: readonly number[] }, ArrayOf<P>>;
  stochasticTriple<N extends string>(program: Program<N>, parameters: { readonly [K in N]: Parameter }, key: Key): StochasticTriple;
  optimization<P extends Readonly<Record<string, Points>>>(optimizer: Optimizer, params: P, options?: { readonly maximize?: boolean }): Optimization<P>;
  minimize<S extends Shapes, T extends Shapes, A extends Points>(gradient: Estimating<S, T, A>, options: MinimizeOptions<S, A>): AsyncGenerator<Progress<S, T, A>, void, undefined>;
  maximize<S extends Shapes, T extends Shapes, A extends Points>(gradient: Estimating<S, T, A>, options: MinimizeOptions<S, A>): AsyncGenerator<Progress<S, T, A>, void, undefined>;
  advise<D, F>(objective: Expectation<D, F>, options: AdviseOptions<ShapesOf<D> & ShapesOf<F>>): Advice;
  certify<D, F, K extends Kind>(
    objective: Expectation<D, F> & { readonly kind: K },
    by: Estimator<NoInfer<D>, NoInfer<F>, NoInfer<K>>,
    options: CertifyOptions<ShapesOf<D> & ShapesOf<F>>,
  ): Certificate;
  replay<P extends ReplayParameters>(random: Random<P>, parameters: P, key: Key, options: ReplayOptions): Replayed<P>;
  matching<A extends Points>(scores: A, options: MatchingOptions): Matching<A>;
  triples(key: Key): Triples;
  telemetry(options?: TelemetryOptions, from?: TelemetryJSON): Telemetry;
  readonly sinkhorn: Sinkhorn;
  readonly sinkhornSteps: SinkhornSteps;
  sinkhornDivergence<A extends Points>(clouds: Clouds<A>, options: DivergenceOptions): Divergence<A>;
  softSort<A extends Points>(x: A, options: SoftOrderOptions): SoftOrder<A>;
  softRank<A extends Points>(x: A, options: SoftOrderOptions): SoftOrder<A>;
  softQuantile<A extends Points>(x: A, options: SoftQuantileOptions): SoftOrder<A>;
  softTopK<A extends Points>(x: A, options: SoftTopKOptions): SoftOrder<A>;
}

function library(core: () => Core): Library {
  return {
    gradient: (objective, by, options) => gradientOn(core(), objective, by, options),
    sample: (p, params, key, options) => sampleOn(core(), p, params, key, options),
    logProb: (p, params, x, options) => logProbOn(core(), p, params, x, options),
    score: (p, params, x, options) => scoreOn(core(), p, params, x, options),
    mean: (p, params, options) => meanOn(core(), p, params, options),
    variance: (p, params, options) => varianceOn(core(), p, params, options),
    entropyOf: (p, params, options) => entropyOfOn(core(), p, params, options),
    klOf: (p, params, prior, options) => klOfOn(core(), p, params, prior, options),
    run: (program, parameters, key, options) => runOn(core(), program, parameters, key, options),
    derivative: (program, parameters, key, options) => derivativeOn(core(), program, parameters, key, options),
    programGradient: (program, options) => programGradientOn(core(), program, options),
    stochasticTriple: (program, parameters, key) => stochasticTripleOn(core(), program, parameters, key),
    optimization: (optimizer, params, options) => optimizationOn(core(), optimizer, params, options),
    minimize: (by, options) => follow(core, "minimize", by, options),
    maximize: (by, options) => follow(core, "maximize", by, options),
    advise: (objective, options) => adviseOn(core(), objective as never, options as never),
    certify: (objective, by, options) => certifyOn(core(), objective as never, by, options as never),
    replay: (random, parameters, key, options) => replayOn(core(), random, parameters, key, options),
    matching: (scores, options) => matchingOn(core(), scores, options),
    triples: (key) => triplesOn(core(), key),
    telemetry: (options, from) => telemetryOn(core(), options, from),
    sinkhorn: ((problem, options) => sinkhornOn(core(), problem, options)) as Sinkhorn,
    sinkhornSteps: ((problem, options) => sinkhornStepsOn(core(), problem, options)) as SinkhornSteps,
    sinkhornDivergence: (clouds, options) => sinkhornDivergenceOn(core(), clouds, options),
    softSort: (x, options) => softSortOn(core(), x, options),
    softRank: (x, options) => softRankOn(core(), x, options),
    softQuantile: (x, options) => softQuantileOn(core(), x, options),
    softTopK: (x, options) => softTopKOn(core(), x, options),
  };
}

function follow<S extends Shapes, T extends Shapes, A extends Points>(
  core: () => Core,
  way: "minimize" | "maximize",
  gradient: Estimating<S, T, A>,
  options: MinimizeOptions<S, A>,
): AsyncGenerator<Progress<S, T, A>, void, undefined> {
  checkMinimize(way, gradient, options);
  return stepsOn(core(), way, gradient, options);
}

const isModule = (value: unknown): boolean => Object.prototype.toString.call(value) === "[object WebAssembly.Module]"; // one from another realm (an edge sandbox) too

/**
 * An isolated core with functions of its own: its memory is nobody else's, and can be bounded.
 *
 * @param module   a compiled core, as imported from `gradex/core.wasm`; the package's own unless given
 * @param modules  `{ families, relaxations, … }`: compiled modules beside it, as imported from `gradex/families.wasm`; the package's own unless given
 * @param memory   `{ maximum }`: the most bytes it may take
 */
export function createCore(options: CoreOptions = {}): Library {
  onlyOptions("createCore", options, ["module", "modules", "memory"]);
  const { module, modules, memory } = options;
  if (module !== undefined && !isModule(module)) throw wrongKind("createCore", "module", "a WebAssembly.Module", module, "Compile the bytes first, or import gradex/core.wasm.");
  if (modules !== undefined) {
    onlyOptions("createCore", modules, BESIDE);
    for (const [name, own] of Object.entries(modules)) {
      if (!isModule(own)) throw wrongKind("createCore", `modules.${name}`, "a WebAssembly.Module", own, `Compile the bytes first, or import gradex/${name}.wasm.`);
    }
  }
  if (memory !== undefined) {
    onlyOptions("createCore", memory, ["maximum"]);
    integer("createCore", "memory.maximum", memory.maximum, 2 ** 20, 2 ** 32);
  }
  const core = instance(options);
  return library(() => core);
}

const shared: Library = library(sharedCore);
export const gradient: Library["gradient"] = shared.gradient;
export const sample: Library["sample"] = shared.sample;
export const logProb: Library["logProb"] = shared.logProb;
export const score: Library["score"] = shared.score;
export const mean: Library["mean"] = shared.mean;
export const variance: Library["variance"] = shared.variance;
export const entropyOf: Library["entropyOf"] = shared.entropyOf;
export const klOf: Library["klOf"] = shared.klOf;
export const run: Library["run"] = shared.run;
export const derivative: Library["derivative"] = shared.derivative;
export const programGradient: Library["programGradient"] = shared.programGradient;
export const stochasticTriple: Library["stochasticTriple"] = shared.stochasticTriple;
export const optimization: Library["optimization"] = shared.optimization;
export const minimize: Library["minimize"] = shared.minimize;
export const maximize: Library["maximize"] = shared.maximize;
export const telemetry: Library["telemetry"] = shared.telemetry;
export const advise: Library["advise"] = shared.advise;
export const certify: Library["certify"] = shared.certify;
export const matching: Library["matching"] = shared.matching;
export const replay: Library["replay"] = shared.replay;
export const sinkhorn: Sinkhorn = shared.sinkhorn;
export const sinkhornSteps: SinkhornSteps = shared.sinkhornSteps;
export const sinkhornDivergence: Library["sinkhornDivergence"] = shared.sinkhornDivergence;
export const softSort: Library["softSort"] = shared.softSort;
export const softRank: Library["softRank"] = shared.softRank;
export const softQuantile: Library["softQuantile"] = shared.softQuantile;
export const softTopK: Library["softTopK"] = shared.softTopK;
export const triples: Library["triples"] = shared.triples;
