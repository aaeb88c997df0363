import { PAGE_BYTES } from "./pages";

// Pages to work in, for kernels that call no other family's.
export const Z = memory.data(PAGE_BYTES, 16);
export const LOG = memory.data(PAGE_BYTES, 16);
export const OTHER = memory.data(PAGE_BYTES, 16);
export const WEIGHT = memory.data(PAGE_BYTES, 16);
