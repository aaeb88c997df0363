export { type Bernoulli, bernoulli } from "./bernoulli.ts";
export { normal, type Normal, type NormalParameters } from "./normal.ts";
