import type { DrawKind } from "../draw-kind.ts";

/** Between low and high. Its score knows nothing of what its bounds do at the bounds: there is none. */
export const uniform: DrawKind = {
  name: "uniform",
  parameters: ["low", "high"],
  score: () => [undefined, undefined],
};
