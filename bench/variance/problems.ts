import { continuousBound, discreteBound } from "./bound.ts";
import { choice } from "./choice.ts";
import { coin } from "./coin.ts";
import type { Problem } from "./problem.ts";
import { offsets } from "./offsets.ts";
import { topic } from "./topic.ts";
import { waiting } from "./waiting.ts";
import { wave } from "./wave.ts";

/** All that are compared, in the order of the page. */
export const problems = (): Problem[] => [
  coin(0.5), coin(0.1), topic(), offsets(), choice(0), choice(0.7), wave(0.5), wave(5),
  waiting(), discreteBound(), continuousBound("An ELBO, near the posterior", 1.5, 2.5, 1), continuousBound("A bound, near the posterior", 1.5, 2.5), continuousBound("A bound, far from the posterior", -3, 1),
];
