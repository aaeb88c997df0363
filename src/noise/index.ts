export { antithetic } from "./antithetic.ts";
export { halton } from "./halton.ts";
export { sobol } from "./sobol.ts";
export { stratified } from "./stratified.ts";
