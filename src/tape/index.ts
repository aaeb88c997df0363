export { expression } from "./expression.ts";
export { network } from "./network.ts";
export { concatenate, Node, type Operand, where } from "./node.ts";
export type { Names, Widths } from "./trace.ts";
