import type { DrawKind } from "../draw-kind.ts";
import { bernoulli } from "./bernoulli.ts";
import { binomial } from "./binomial.ts";
import { categorical } from "./categorical.ts";
import { exponential } from "./exponential.ts";
import { gamma } from "./gamma.ts";
import { geometric } from "./geometric.ts";
import { normal } from "./normal.ts";
import { poisson } from "./poisson.ts";
import { uniform } from "./uniform.ts";

const all: readonly DrawKind[] = [bernoulli, binomial, geometric, poisson, categorical, normal, exponential, uniform, gamma];

/** All kinds of draws, by name. */
export const KINDS: Readonly<Record<string, DrawKind>> = Object.fromEntries(all.map((kind) => [kind.name, kind]));
