/// <reference lib="esnext.disposable" preserve="true" />
// So that Symbol.dispose in the types is known to users whose "lib" leaves it out.
export type { ArrayOf, CoreOptions, Points, Precision } from "./core/core.ts";
export { advise, certify, createCore, derivative, entropyOf, gradient, klOf, type Library, logProb, matching, maximize, mean, minimize, optimization, programGradient, replay, run, sample, score, sinkhorn, sinkhornDivergence, sinkhornSteps, softQuantile, softRank, softSort, softTopK, stochasticTriple, telemetry, triples, variance } from "./library.ts";

export { key, type Key, type KeyJSON } from "./key.ts";
export { expectation } from "./expectation.ts";
export { importanceBound } from "./importance-bound.ts";
export { batched, differentiable, remote } from "./integrand.ts";
export { entropy, kl } from "./exact.ts";
export { given, type Given } from "./given.ts";
export { merge, type Mergeable, type MergeOptions } from "./merge.ts";
export type { Part, Pooled } from "./pool.ts";

export * from "./distributions/index.ts";
export * from "./estimators/index.ts";
export * from "./baselines/index.ts";
export * from "./noise/index.ts";
export * from "./optimizers/index.ts";
export * from "./tape/index.ts";
export * from "./programs/index.ts";

export type { Advice, Advised, AdviseOptions } from "./advice/advise.ts";
export type { Certificate, CertifyOptions, Coordinate } from "./advice/certify.ts";
export type { Against } from "./advice/reference.ts";
export type { Answers, CallOptions, Estimate, EstimateOptions, Estimating, Gradient, PoolOptions, Proposal, RefineOptions } from "./estimate.ts";
export type { Product, ProgramGradient, ProgramGradientOptions } from "./backward/program-gradient.ts";
export type { State } from "./driver/state.ts";
export type { GradientOptions, ThetaOf } from "./gradient.ts";
export type { Checkpoint, MinimizeOptions, Progress } from "./minimize.ts";
export type { GradientMoments, HistoryPoint, Telemetry, TelemetryJSON, TelemetryOptions } from "./telemetry/telemetry.ts";
export type { Matching, MatchingOptions } from "./transport/matching.ts";
export type { Optimization } from "./optimization.ts";
export type { BatchOptions } from "./closed-form.ts";
export type { Random, Replayed, ReplayOptions, ReplayParameters } from "./replay/replay.ts";
export type { Source } from "./replay/source.ts";
export type { Triple } from "./triples/triple.ts";
export type { Triples } from "./triples/triples.ts";
export type { SampleOptions } from "./sample.ts";
export type { Sinkhorn, SinkhornStep, SinkhornSteps, SinkhornStepsOptions } from "./sinkhorn.ts";
export type { SoftOrder, SoftOrderOptions, SoftQuantileOptions, SoftTopKOptions } from "./soft-sort.ts";
export type { Clouds, Divergence, DivergenceOptions } from "./divergence.ts";
export type * from "./transport/index.ts";

export type * from "./vocabulary/distribution.ts";
export type { Baseline, BoundBaseline, CoordinateBaseline } from "./vocabulary/baseline.ts";
export type { Anchor, Biased, Bound, Definition, DrawRule, Estimator, EstimatePart, ForDraws, Plan, Rows, Workspace } from "./vocabulary/estimator.ts";
export { biasedEstimator, estimator } from "./vocabulary/estimator.ts";
export type { Differentiable, Integrand, Lanes, Network, Parametric, TwiceDifferentiable } from "./vocabulary/integrand.ts";
export type { BoundNoise, Noise, NoiseSite } from "./vocabulary/noise.ts";
export type { Exact, Expectation, ImportanceBound, Kind, Objective } from "./vocabulary/objective.ts";
export type { Optimizer } from "./vocabulary/optimizer.ts";
