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
import type { Averaged, Circular, Dense, Distribution, Divergent, Domain, Entropic, Scored, Shapes, ShapesOf, Values } from "./vocabulary/distribution.ts";
import { type SoftOrder, type SoftOrderOptions, type SoftQuantileOptions, softQuantileOn, softRankOn, softSortOn, type SoftTopKOptions, softTopKOn } from "./soft-sort.ts";
import type { Estimator } from "./vocabulary/estimator.ts";
import type { Expectation, ImportanceBound, Kind, Objective } from "./vocabulary/objective.ts";
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
  mean<S extends Shapes, A extends Points>(p: Distribution<S> & (Averaged | Circular), params: Values<S, A>, options?: BatchOptions): A;
  variance<S extends Shapes, A extends Points>(p: Distribution<S> & (Averaged | Circular), params: Values<S, A>, options?: BatchOptions): A;
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
  advise<D, F>(objective: Expectation<D, F> | ImportanceBound<D, F>, options: AdviseOptions<ShapesOf<D> & ShapesOf<F>>): Advice;
  certify<D, F, K extends Kind>(
    objective: (Expectation<D, F> | ImportanceBound<D, F>) & { readonly kind: K },
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

function follow<S extends Shapes, T extends Shapes, A extends Points>(
  core: () => Core,
  way: "minimize" | "maximize",
  gradient: Estimating<S, T, A>,
  options: MinimizeOptions<S, A>,
): AsyncGenerator<Progress<S, T, A>, void, undefined> {
  checkMinimize(way, gradient, options);
  return stepsOn(core(), way, gradient, options);
}

// Each function by itself, so that a bundle has only those that it uses.
type Made<N extends keyof Library> = (core: () => Core) => Library[N];
const gradientBy: Made<"gradient"> = (core) => (objective, by, options) => gradientOn(core(), objective, by, options);
const sampleBy: Made<"sample"> = (core) => (p, params, key, options) => sampleOn(core(), p, params, key, options);
const logProbBy: Made<"logProb"> = (core) => (p, params, x, options) => logProbOn(core(), p, params, x, options);
const scoreBy: Made<"score"> = (core) => (p, params, x, options) => scoreOn(core(), p, params, x, options);
const meanBy: Made<"mean"> = (core) => (p, params, options) => meanOn(core(), p, params, options);
const varianceBy: Made<"variance"> = (core) => (p, params, options) => varianceOn(core(), p, params, options);
const entropyOfBy: Made<"entropyOf"> = (core) => (p, params, options) => entropyOfOn(core(), p, params, options);
const klOfBy: Made<"klOf"> = (core) => (p, params, prior, options) => klOfOn(core(), p, params, prior, options);
const runBy: Made<"run"> = (core) => (program, parameters, key, options) => runOn(core(), program, parameters, key, options);
const derivativeBy: Made<"derivative"> = (core) => (program, parameters, key, options) => derivativeOn(core(), program, parameters, key, options);
const programGradientBy: Made<"programGradient"> = (core) => (program, options) => programGradientOn(core(), program, options);
const stochasticTripleBy: Made<"stochasticTriple"> = (core) => (program, parameters, key) => stochasticTripleOn(core(), program, parameters, key);
const optimizationBy: Made<"optimization"> = (core) => (optimizer, params, options) => optimizationOn(core(), optimizer, params, options);
const minimizeBy: Made<"minimize"> = (core) => (by, options) => follow(core, "minimize", by, options);
const maximizeBy: Made<"maximize"> = (core) => (by, options) => follow(core, "maximize", by, options);
const adviseBy: Made<"advise"> = (core) => (objective, options) => adviseOn(core(), objective as never, options as never);
const certifyBy: Made<"certify"> = (core) => (objective, by, options) => certifyOn(core(), objective as never, by, options as never);
const replayBy: Made<"replay"> = (core) => (random, parameters, key, options) => replayOn(core(), random, parameters, key, options);
const matchingBy: Made<"matching"> = (core) => (scores, options) => matchingOn(core(), scores, options);
const triplesBy: Made<"triples"> = (core) => (key) => triplesOn(core(), key);
const telemetryBy: Made<"telemetry"> = (core) => (options, from) => telemetryOn(core(), options, from);
const sinkhornBy: Made<"sinkhorn"> = (core) => ((problem, options) => sinkhornOn(core(), problem, options)) as Sinkhorn;
const sinkhornStepsBy: Made<"sinkhornSteps"> = (core) => ((problem, options) => sinkhornStepsOn(core(), problem, options)) as SinkhornSteps;
const sinkhornDivergenceBy: Made<"sinkhornDivergence"> = (core) => (clouds, options) => sinkhornDivergenceOn(core(), clouds, options);
const softSortBy: Made<"softSort"> = (core) => (x, options) => softSortOn(core(), x, options);
const softRankBy: Made<"softRank"> = (core) => (x, options) => softRankOn(core(), x, options);
const softQuantileBy: Made<"softQuantile"> = (core) => (x, options) => softQuantileOn(core(), x, options);
const softTopKBy: Made<"softTopK"> = (core) => (x, options) => softTopKOn(core(), x, options);

function library(core: () => Core): Library {
  return {
    gradient: gradientBy(core),
    sample: sampleBy(core),
    logProb: logProbBy(core),
    score: scoreBy(core),
    mean: meanBy(core),
    variance: varianceBy(core),
    entropyOf: entropyOfBy(core),
    klOf: klOfBy(core),
    run: runBy(core),
    derivative: derivativeBy(core),
    programGradient: programGradientBy(core),
    stochasticTriple: stochasticTripleBy(core),
    optimization: optimizationBy(core),
    minimize: minimizeBy(core),
    maximize: maximizeBy(core),
    advise: adviseBy(core),
    certify: certifyBy(core),
    replay: replayBy(core),
    matching: matchingBy(core),
    triples: triplesBy(core),
    telemetry: telemetryBy(core),
    sinkhorn: sinkhornBy(core),
    sinkhornSteps: sinkhornStepsBy(core),
    sinkhornDivergence: sinkhornDivergenceBy(core),
    softSort: softSortBy(core),
    softRank: softRankBy(core),
    softQuantile: softQuantileBy(core),
    softTopK: softTopKBy(core),
  };
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

export const gradient: Library["gradient"] = /* @__PURE__ */ gradientBy(sharedCore);
export const sample: Library["sample"] = /* @__PURE__ */ sampleBy(sharedCore);
export const logProb: Library["logProb"] = /* @__PURE__ */ logProbBy(sharedCore);
export const score: Library["score"] = /* @__PURE__ */ scoreBy(sharedCore);
export const mean: Library["mean"] = /* @__PURE__ */ meanBy(sharedCore);
export const variance: Library["variance"] = /* @__PURE__ */ varianceBy(sharedCore);
export const entropyOf: Library["entropyOf"] = /* @__PURE__ */ entropyOfBy(sharedCore);
export const klOf: Library["klOf"] = /* @__PURE__ */ klOfBy(sharedCore);
export const run: Library["run"] = /* @__PURE__ */ runBy(sharedCore);
export const derivative: Library["derivative"] = /* @__PURE__ */ derivativeBy(sharedCore);
export const programGradient: Library["programGradient"] = /* @__PURE__ */ programGradientBy(sharedCore);
export const stochasticTriple: Library["stochasticTriple"] = /* @__PURE__ */ stochasticTripleBy(sharedCore);
export const optimization: Library["optimization"] = /* @__PURE__ */ optimizationBy(sharedCore);
export const minimize: Library["minimize"] = /* @__PURE__ */ minimizeBy(sharedCore);
export const maximize: Library["maximize"] = /* @__PURE__ */ maximizeBy(sharedCore);
export const telemetry: Library["telemetry"] = /* @__PURE__ */ telemetryBy(sharedCore);
export const advise: Library["advise"] = /* @__PURE__ */ adviseBy(sharedCore);
export const certify: Library["certify"] = /* @__PURE__ */ certifyBy(sharedCore);
export const matching: Library["matching"] = /* @__PURE__ */ matchingBy(sharedCore);
export const replay: Library["replay"] = /* @__PURE__ */ replayBy(sharedCore);
export const sinkhorn: Sinkhorn = /* @__PURE__ */ sinkhornBy(sharedCore);
export const sinkhornSteps: SinkhornSteps = /* @__PURE__ */ sinkhornStepsBy(sharedCore);
export const sinkhornDivergence: Library["sinkhornDivergence"] = /* @__PURE__ */ sinkhornDivergenceBy(sharedCore);
export const softSort: Library["softSort"] = /* @__PURE__ */ softSortBy(sharedCore);
export const softRank: Library["softRank"] = /* @__PURE__ */ softRankBy(sharedCore);
export const softQuantile: Library["softQuantile"] = /* @__PURE__ */ softQuantileBy(sharedCore);
export const softTopK: Library["softTopK"] = /* @__PURE__ */ softTopKBy(sharedCore);
export const triples: Library["triples"] = /* @__PURE__ */ triplesBy(sharedCore);
