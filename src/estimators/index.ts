export { arm } from "./arm.ts";
export { arms, type ArmsOptions } from "./arms.ts";
export type { ControlVariate } from "./control-variate.ts";
export { disarm } from "./disarm.ts";
export { dreg, stickingTheLanding } from "./dreg.ts";
export { enumerate } from "./enumerate.ts";
export { pathwise } from "./pathwise.ts";
export { scoreFunction, type ScoreFunctionOptions } from "./score-function.ts";
export { vimco, type VimcoOptions } from "./vimco.ts";
