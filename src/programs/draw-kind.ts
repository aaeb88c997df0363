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
  /** Where the program has made the only parameter of a natural one (logits), that one, and the score in it: fewer operations, and no rounded probability to divide by. */
  readonly natural?: { readonly of: (parameter: Node) => Node | undefined; readonly score: (x: Node, parameter: Node) => Node };
  /** Of a discrete kind. A continuous one is a path: an expression of noise and its parameters, its last input. */
  readonly discrete?: Discrete;
}

export interface Discrete {
  /** Its number in the core, where the value rule (inversion) and the triple rule lie: assembly/tape/discrete.ts. */
  readonly code: number;
  /** Which parameter moves; the others, if any, may jump. */
  readonly moves: number;
  /** Operations of its own, which take a parameter as scale · row + shift. */
  readonly folded?: { readonly value: Opcode; readonly triple: Opcode };
  /** Whether the parameter's width is that of one draw, and not of many. */
  readonly vector?: boolean;
  /** ∂ E[x]/∂θ of the parameter that moves. */
  readonly slope: (parameters: readonly Node[]) => Node;
}
