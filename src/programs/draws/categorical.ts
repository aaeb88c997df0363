import type { DrawKind } from "../draw-kind.ts";

/** One of 0 … K − 1, with these probabilities, which must add up to 1. */
export const categorical: DrawKind = {
  name: "categorical",
  parameters: ["probabilities"],
  score: (x, [p]) => [x.eq(indices(p!.width)).where(p!.reciprocal(), 0)],
  natural: { of: (p) => (p.op === "exp" && p.inputs[0]!.op === "logSoftmax" ? p.inputs[0]!.inputs[0] : undefined), score: (x, p) => x.eq(indices(p.width)).sub(p) },
  discrete: { code: 4, moves: 0, vector: true, slope: ([p]) => p!.graph.constant(indices(p!.width)) },
};

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
