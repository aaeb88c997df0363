export { type Bernoulli, bernoulli } from "./bernoulli.ts";
export { exponential, type Exponential, type ExponentialParameters } from "./exponential.ts";
export { gumbel, type Gumbel, type GumbelParameters } from "./gumbel.ts";
export { logistic, type Logistic, type LogisticParameters } from "./logistic.ts";
export { normal, type Normal, type NormalParameters } from "./normal.ts";
export { uniform, type Uniform, type UniformParameters } from "./uniform.ts";
