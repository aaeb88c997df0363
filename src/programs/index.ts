export type { Draw } from "./draw.ts";
export type { Derivative, DerivativeOptions } from "./derivative.ts";
export type { Results as DerivativeRecord } from "./arguments.ts";
export type { Method as DerivativeMethod } from "./methods.ts";
export { type Body, type Parameter, program, type Program } from "./program.ts";
export type { RunOptions } from "./run.ts";
export type { StochasticTriple } from "./stochastic-triple.ts";
