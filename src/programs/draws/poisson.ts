import type { DrawKind } from "../draw-kind.ts";

/** The mean is the rate. */
export const poisson: DrawKind = {
  name: "poisson",
  parameters: ["rate"],
  score: (x, [rate]) => [x.where(x.div(rate!), 0).sub(1)],
  discrete: { code: 2, moves: 0, slope: ([rate]) => rate!.graph.constant([1]) },
};
