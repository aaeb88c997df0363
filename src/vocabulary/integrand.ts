import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Field, Region } from "../core/region.ts";
import type { Node } from "../tape/node.ts";
import type { Shapes } from "./distribution.ts";

/** What f is told besides the points: row r belongs to problem r % batch; context arrays are `[batch, width]`. */
export interface Lanes {
  readonly batch: number;
  readonly context: Readonly<Record<string, Points>>;
}

/** Where f is to run. An integrand reserves what it needs here; addresses hold once the region is allocated. */
export interface Site {
  readonly region: Region;
  /** Width of a point. */
  readonly dim: number;
  readonly batch: number;
  /** The most points of one evaluation, over all problems. */
  readonly rows: number;
  /** The context array `name`, `[batch, width]`, copied in by the driver before each estimate. */
  context(name: string, width: number): Field;
  /** Which second derivative will be asked for: it is made then. */
  readonly second?: "curve" | "pullbackSlope";
}

/** f on the points of one kind: x is `[rows, dim]`, value is `[rows]`. */
export interface Evaluator {
  readonly evaluate: (rows: number, x: Pointer, value: Pointer, lanes: Lanes) => void;
}

/** f, by its values. */
export interface Integrand {
  readonly bind: (site: Site) => Evaluator;
}

export interface DifferentiableEvaluator extends Evaluator {
  /** value and gradient ∂f/∂x, `[rows, dim]`. */
  readonly differentiate: (rows: number, x: Pointer, value: Pointer, gradient: Pointer, lanes: Lanes) => void;
}

/** f, by its values and its gradient. */
export interface Differentiable extends Integrand {
  readonly differentiable: true;
  readonly bind: (site: Site) => DifferentiableEvaluator;
}

export interface ParametricEvaluator extends DifferentiableEvaluator {
  /** f's own parameters φ, packed by name in order; written by the driver before each estimate. */
  readonly params: Field;
  /** into += Σ weight[row] ∂f(x[row])/∂φ, packed as `params`. One reverse pass, never a gradient per point. */
  readonly pullback: (rows: number, x: Pointer, weight: Pointer, into: Pointer, lanes: Lanes) => void;
}

/** f with parameters of its own, whose gradient comes in the same record as θ's. */
export interface Parametric<P extends Shapes = Shapes> extends Differentiable {
  readonly params: P;
  readonly bind: (site: Site) => ParametricEvaluator;
}

export interface TwiceEvaluator extends ParametricEvaluator {
  /** out = ∂²f/∂x² · direction, all `[rows, dim]`; row r belongs to problem r % batch. */
  readonly curve: (rows: number, x: Pointer, direction: Pointer, out: Pointer) => void;
  /**
   * into += ∂/∂φ Σ (weight[row] f(x[row]) + direction[row] · ∂f/∂x(x[row])), packed as `params`; weight is `[rows]`, direction
   * `[rows, dim]`. What a control variate learns from: the derivative of a slope along a direction, without a Hessian.
   */
  readonly pullbackSlope: (rows: number, x: Pointer, weight: Pointer, direction: Pointer, into: Pointer, lanes: Lanes) => void;
}

/** f whose slope in x can be differentiated again, in x and in its own parameters: an `expression`. */
export interface TwiceDifferentiable<P extends Shapes = Shapes> extends Parametric<P> {
  readonly twice: true;
  readonly bind: (site: Site) => TwiceEvaluator;
  /** The formula itself, for those who put a function of something else in the place of x. */
  readonly formula: (x: Node, names: Readonly<Record<string, Node>>) => Node;
  /** Widths of the context arrays that it reads. */
  readonly context: Readonly<Record<string, number>>;
}

/** θ = network(context; ψ): one row a problem. */
export interface Network<Q extends Shapes = Shapes> {
  readonly params: Q;
  readonly bind: (site: NetworkSite) => NetworkEvaluator;
}

export interface NetworkSite {
  readonly region: Region;
  readonly batch: number;
  context(name: string, width: number): Field;
  /** The names and widths that the network must give, in order; packed `[batch, width]` one after the other. */
  readonly outputs: Readonly<Record<string, number>>;
}

export interface NetworkEvaluator {
  /** ψ, packed by name in order. */
  readonly params: Field;
  readonly forward: (outputs: Pointer) => void;
  /** into += (∂outputs/∂ψ)ᵀ cotangent, of the last `forward`. */
  readonly pullback: (cotangent: Pointer, into: Pointer) => void;
}
