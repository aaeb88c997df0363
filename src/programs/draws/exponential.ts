import type { DrawKind } from "../draw-kind.ts";

/** The mean is 1 / rate. */
export const exponential: DrawKind = {
  name: "exponential",
  parameters: ["rate"],
  score: (x, [rate]) => [rate!.reciprocal().sub(x)],
};
