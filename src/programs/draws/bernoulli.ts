import type { DrawKind } from "../draw-kind.ts";

/** 1 with probability p, else 0. */
export const bernoulli: DrawKind = {
  name: "bernoulli",
  parameters: ["probability"],
  score: (x, [p]) => [x.sub(p!).div(p!.mul(p!.neg().add(1)))],
  discrete: {
    code: 0,
    folded: { value: "bernoulli", triple: "bernoulliTriple" },
    slopes: ([p]) => [p!.graph.constant([1])],
    // Up from 0 where p grows, down from 1 where it shrinks.
    smoothed: (x, [p], [delta]) => delta!.mul(delta!.ge(0).where(x.neg().add(1).div(p!.neg().add(1)), x.div(p!))),
  },
};
