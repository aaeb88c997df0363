export { type Bernoulli, bernoulli } from "./bernoulli.ts";
