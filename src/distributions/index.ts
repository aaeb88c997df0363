export { bernoulli, type Bernoulli } from "./bernoulli.ts";
export { normal, type Normal, type NormalParameters } from "./normal.ts";
