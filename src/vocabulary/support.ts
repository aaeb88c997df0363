import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Scored, Theta } from "./distribution.ts";

/** A support that can be counted through: point i in 0 … size − 1. */
export interface Support {
  readonly size: number;
  /** x is `[to − from, batch, dim]`: each point for every problem. */
  readonly enumerate: (kernels: Kernels, from: number, to: number, batch: number, x: Pointer) => void;
}

export interface Finite extends Scored {
  readonly support: Support;
}

/** One of the independent variables of a draw, and every value that it can have. */
export interface Variable {
  /** Its first column in a draw, and how many it has. */
  readonly column: number;
  readonly width: number;
  /** How many values. */
  readonly size: number;
  /** x is `[size, width]`, written. */
  readonly enumerate: (kernels: Kernels, x: Pointer) => void;
  /** Numbers that `logProb` needs for a while. */
  readonly room: (batch: number) => number;
  /** logProb is `[size, batch]`, written: of each value, whatever the other variables are. */
  readonly logProb: (kernels: Kernels, theta: Theta, room: Pointer, logProb: Pointer) => void;
}

/** A draw whose variables are independent of one another, some with values that can be counted through. */
export interface Separable extends Scored {
  /** The variable that a column belongs to; undefined where its values cannot be counted through. */
  readonly variable: (column: number) => Variable | undefined;
}
