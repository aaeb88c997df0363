export type { SinkhornOptions } from "./options.ts";
export type { CostProblem, LogitsProblem, TransportProblem } from "./problem.ts";
export type { Cotangents, Pulled, PullbackOptions } from "./pullback.ts";
export type { Transport } from "./transport.ts";
