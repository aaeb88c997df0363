import type { DrawKind } from "../draw-kind.ts";

/** Failures before the first success: x = 0, 1, … with P(x) = p (1 − p)ˣ; the mean is (1 − p) / p. */
export const geometric: DrawKind = {
  name: "geometric",
  parameters: ["probability"],
  score: (x, [p]) => [p!.reciprocal().sub(x.where(x.div(p!.neg().add(1)), 0))],
  discrete: { code: 1, moves: 0, slope: ([p]) => p!.square().reciprocal().neg() },
};
