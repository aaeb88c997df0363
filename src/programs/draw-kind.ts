import type { Node } from "../tape/node.ts";
import type { Opcode } from "../tape/opcodes.ts";

/**
 * A kind of draw, declared: what every interpretation of a program needs to know of it, one property each.
 *
 * Parameters are natural ones (probabilities, rates, scales), because the program computes them.
 */
export interface DrawKind {
  readonly name: string;
  readonly parameters: readonly string[];
  /** ∂ log p(x; θ)/∂θ, by parameter; undefined for one that it is not differentiable in. */
  readonly score: (x: Node, parameters: readonly Node[]) => readonly (Node | undefined)[];
  /** Of a discrete kind. */
  readonly discrete?: Discrete;
}

export interface Discrete {
  /** Its number in the core. */
  readonly code: number;
  /** Operations of its own, which take parameters as scale · row + shift. */
  readonly folded?: { readonly value: Opcode; readonly triple: Opcode };
  /** ∂ E[x]/∂θ, by parameter. */
  readonly slopes: (parameters: readonly Node[]) => readonly (Node | undefined)[];
  /** Σ Δ · w over the jumps that a growth of the parameters by `deltas` gives birth to at x. */
  readonly smoothed: (x: Node, parameters: readonly Node[], deltas: readonly (Node | undefined)[]) => Node;
}
