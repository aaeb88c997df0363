import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Region } from "../core/region.ts";
import type { Field } from "../core/region.ts";

/** A rule that moves n parameters along a gradient. */
export interface Optimizer {
  readonly name: string;
  readonly bind: (region: Region, length: number) => BoundOptimizer;
}

export interface BoundOptimizer {
  /** What it keeps between steps, by name. */
  readonly memory: Readonly<Record<string, Field>>;
  /** params and gradient are `[length]`; direction is 1 to ascend, −1 to descend. */
  readonly step: (kernels: Kernels, direction: 1 | -1, gradient: Pointer, params: Pointer) => void;
}
