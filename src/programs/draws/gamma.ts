import type { DrawKind } from "../draw-kind.ts";

/** Shape and rate; the mean is shape / rate. */
export const gamma: DrawKind = {
  name: "gamma",
  parameters: ["shape", "rate"],
  score: (x, [shape, rate]) => [rate!.mul(x).log().sub(shape!.graph.unary("digamma", shape!)), shape!.div(rate!).sub(x)],
};
