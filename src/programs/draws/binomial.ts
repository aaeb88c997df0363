import type { DrawKind } from "../draw-kind.ts";

/** Successes among n trials. n is a whole number: it may be drawn, and jump, but not move. */
export const binomial: DrawKind = {
  name: "binomial",
  parameters: ["trials", "probability"],
  score: (x, [n, p]) => [undefined, x.sub(n!.mul(p!)).div(p!.mul(p!.neg().add(1)))],
  discrete: { code: 3, moves: 1, slope: ([n]) => n! },
};
