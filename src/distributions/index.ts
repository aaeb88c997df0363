export { normal, type Normal, type NormalParameters } from "./normal.ts";
