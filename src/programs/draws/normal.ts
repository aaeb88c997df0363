import type { DrawKind } from "../draw-kind.ts";

/** Mean and scale; the variance is scale². */
export const normal: DrawKind = {
  name: "normal",
  parameters: ["mean", "scale"],
  score(x, [mean, scale]) {
    const z = x.sub(mean!).div(scale!);
    return [z.div(scale!), z.square().sub(1).div(scale!)];
  },
};
