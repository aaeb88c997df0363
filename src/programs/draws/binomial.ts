import type { DrawKind } from "../draw-kind.ts";

/** Successes among n trials. n is a whole number: it may be drawn, and jump, but not move. */
export const binomial: DrawKind = {
  name: "binomial",
  parameters: ["trials", "probability"],
  score(x, [n, p]) {
    const failures = n!.sub(x);
    return [undefined, x.where(x.div(p!), 0).sub(failures.where(failures.div(p!.neg().add(1)), 0))]; // no 0 / 0 where p is 0 or 1
  },
  discrete: { code: 3, moves: 1, slope: ([n]) => n! },
};
