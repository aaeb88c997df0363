import type { Case } from "./case.ts";

/** The files of cases; each is imported only where one of its cases runs. */
export const groups: Readonly<Record<string, () => Promise<{ readonly cases: readonly Case[] }>>> = {
  streams: () => import("./streams.ts"),
  math: () => import("./math.ts"),
  continuous: () => import("./distributions-continuous.ts"),
  closed: () => import("./distributions-closed-form.ts"),
  gamma: () => import("./distributions-gamma.ts"),
  mixtures: () => import("./mixtures.ts"),
  discrete: () => import("./distributions-discrete.ts"),
  counts: () => import("./distributions-counts.ts"),
  estimators: () => import("./estimators.ts"),
  multi: () => import("./estimators-multi.ts"),
  "estimators-plain": () => import("./estimators-plain.ts"),
  "estimators-weak": () => import("./estimators-weak.ts"),
  relaxations: () => import("./relaxations.ts"),
  noise: () => import("./noise.ts"),
  permutation: () => import("./permutation.ts"),
  tape: () => import("./tape.ts"),
  matching: () => import("./matching.ts"),
  transport: () => import("./transport.ts"),
  "soft-order": () => import("./soft-order.ts"),
  programs: () => import("./programs.ts"),
  backward: () => import("./backward.ts"),
  vectors: () => import("./vectors.ts"),
};
