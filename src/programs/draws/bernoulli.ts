import type { DrawKind } from "../draw-kind.ts";

/** 1 with probability p, else 0. */
export const bernoulli: DrawKind = {
  name: "bernoulli",
  parameters: ["probability"],
  score: (x, [p]) => [x.sub(p!).div(p!.mul(p!.neg().add(1)))],
  discrete: { code: 0, moves: 0, folded: { value: "bernoulli", triple: "bernoulliTriple" }, slope: ([p]) => p!.graph.constant([1]) },
};
