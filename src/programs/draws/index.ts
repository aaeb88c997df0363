import type { DrawKind } from "../draw-kind.ts";
import { bernoulli } from "./bernoulli.ts";
import { exponential } from "./exponential.ts";
import { normal } from "./normal.ts";
import { uniform } from "./uniform.ts";

/** All kinds of draws, by name. */
export const KINDS: Readonly<Record<string, DrawKind>> = Object.fromEntries([bernoulli, normal, exponential, uniform].map((kind) => [kind.name, kind]));
