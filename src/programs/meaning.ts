import type { Jump } from "./jumps.ts";
import type { Linear } from "./linear.ts";

/** What a value of the program is to an interpretation: a stochastic triple, of which parts may be missing because they are 0. */
export interface Meaning {
  readonly value: Linear;
  /** Its derivative along the parameters. */
  readonly delta?: Linear | undefined;
  /** The finite change of it that has an infinitesimal probability. */
  readonly jump?: Jump | undefined;
}
