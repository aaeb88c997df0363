export { adam, type AdamOptions } from "./adam.ts";
export { momentum, sgd } from "./sgd.ts";
