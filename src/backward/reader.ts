import type { DrawKind } from "../programs/draw-kind.ts";
import type { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Branches, Variants } from "./branches.ts";
import type { Moving } from "./moving.ts";

/** A draw with a score function that moves with the parameters, in one branch. */
export interface Scored {
  readonly x: Node;
  readonly kind: DrawKind;
  readonly parameters: readonly Node[];
  readonly baseline: Baseline;
}

/** A draw with an antithetic pair, b on the first branch of its axis and b̃ on the second. */
export interface Paired {
  readonly axis: number;
  readonly probability: Variants;
  readonly drawn: Variants;
}

/** A reading under way. */
export interface Reader {
  readonly graph: Graph;
  readonly branches: Branches;
  readonly moving: Moving;
  readonly scored: Scored[];
  readonly paired: Paired[];
  noisy: boolean;
}
