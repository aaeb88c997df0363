export { arm } from "./arm.ts";
export type { ControlVariate } from "./control-variate.ts";
export { disarm } from "./disarm.ts";
export { each } from "./each.ts";
export { enumerate } from "./enumerate.ts";
export { pathwise } from "./pathwise.ts";
export { scoreFunction, type ScoreFunctionOptions } from "./score-function.ts";
