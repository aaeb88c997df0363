import type { Reading } from "./interpret.ts";

/**
 * How a program is differentiated.
 *
 * | method | biased | asks |
 * |---|---|---|
 * | `"pruned"` | no | nothing: stochastic triples, of a lane's perturbations one lives, in proportion to their weights |
 * | `"pruned by wins"` | no | nothing: each perturbation that was born lives with the same probability |
 * | `"aggressive"` | no | nothing: as pruned, but a weight is never forgotten, even where its perturbation has come to nothing |
 * | `"smoothed"` | yes, unless the result is linear in what is drawn | nothing: jumps are averaged into the derivative |
 * | `"mean-derivative"` | yes, with the same exception | nothing: a draw's derivative is its mean's (straight-through) |
 * | `"score-function"` | no | densities: (f − b) Σ ∂ log p, b the mean of the other runs |
 * | `"pathwise"` | no | that draws which depend on parameters are continuous |
 * | `"differences"` | yes, by the step | nothing: runs at p ± step with the same random numbers |
 */
export type Method = "pruned" | "pruned by wins" | "aggressive" | "smoothed" | "mean-derivative" | "score-function" | "pathwise" | "differences";

const paths: Omit<Reading, "caller" | "discrete"> = { moving: true, scored: false };

export const READINGS: Readonly<Record<Method, Omit<Reading, "caller">>> = {
  pruned: { ...paths, discrete: "jumps", wins: "weight", forgets: true },
  "pruned by wins": { ...paths, discrete: "jumps", wins: "number", forgets: true },
  aggressive: { ...paths, discrete: "jumps", wins: "weight", forgets: false },
  smoothed: { ...paths, discrete: "smoothed" },
  "mean-derivative": { ...paths, discrete: "mean" },
  "score-function": { discrete: "none", moving: false, scored: true },
  pathwise: { ...paths, discrete: "refused" },
  differences: { ...paths, discrete: "none" },
};
