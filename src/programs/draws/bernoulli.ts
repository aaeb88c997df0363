import type { DrawKind } from "../draw-kind.ts";

/** 1 with probability p, else 0. */
export const bernoulli: DrawKind = {
  name: "bernoulli",
  parameters: ["probability"],
  score: (x, [p]) => [x.where(p!.reciprocal(), p!.sub(1).reciprocal())],
  natural: { of: (p) => (p.op === "sigmoid" ? p.inputs[0] : undefined), score: (x, p) => x.sub(p) },
  discrete: { code: 0, moves: 0, folded: { value: "bernoulli", triple: "bernoulliTriple" }, slope: ([p]) => p!.graph.constant([1]) },
};
