import type { Case } from "./case.ts";

/** The files of cases; each is imported only where one of its cases runs. */
export const groups: Readonly<Record<string, () => Promise<{ readonly cases: readonly Case[] }>>> = {
  streams: () => import("./streams.ts"),
  math: () => import("./math.ts"),
  continuous: () => import("./distributions-continuous.ts"),
  discrete: () => import("./distributions-discrete.ts"),
  estimators: () => import("./estimators.ts"),
  permutation: () => import("./permutation.ts"),
  tape: () => import("./tape.ts"),
  matching: () => import("./matching.ts"),
  transport: () => import("./transport.ts"),
  vectors: () => import("./vectors.ts"),
};
