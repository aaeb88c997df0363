import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Precision } from "../core/core.ts";
import type { Field, Region } from "../core/region.ts";

/** A rule that moves n parameters along a gradient. */
export interface Optimizer {
  readonly name: string;
  /** `remember` makes the fields that it keeps between steps. */
  readonly bind: (region: Region, length: number, remember: Remember) => BoundOptimizer;
}

export type Remember = (name: string, length: number, precision?: Precision) => Field;

export interface BoundOptimizer {
  /** params and gradient are `[length]`; direction is 1 to ascend, −1 to descend. */
  readonly step: (kernels: Kernels, direction: 1 | -1, gradient: Pointer, params: Pointer) => void;
}
