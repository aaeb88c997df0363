import type { Domain } from "../vocabulary/distribution.ts";

/** Log-odds of a flip: ±∞ decides it. */
export const extendedLogits: Domain = { expected: "a number, ∞ or −∞", admits: (value) => !Number.isNaN(value) };

/** Logits of a choice: −∞ is an impossible category. */
export const logitsOfChoice: Domain = { expected: "a finite number, or −∞ for an impossible category", admits: (value) => value < Infinity };
