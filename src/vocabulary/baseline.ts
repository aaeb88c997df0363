import type { Pointer } from "../core/kernels.ts";
import type { Site, Workspace } from "./estimator.ts";

/**
 * b in (f − b) ∇ log p. It may use the context, what it remembers, and the other samples of its problem, never the sample it
 * serves: so it costs no bias.
 */
export interface Baseline {
  readonly name: string;
  /** Samples it needs: 2 for leave-one-out. */
  readonly least: number;
  readonly bind: (site: Site) => BoundBaseline;
}

/** A b for each coordinate of the gradient, which only an estimator that holds all scores can use. */
export interface CoordinateBaseline {
  readonly name: string;
  /** Samples it needs. */
  readonly least: number;
  readonly coordinates: (site: Site) => {
    /**
     * terms += sign · weight · (value − b) · scores, b from the values and scores of other samples alone. value and weight are
     * `[samples, batch]`; scores and terms are packed by parameter, `[samples, batch, …shape]`. The value may be a control variate's.
     */
    readonly center: (work: Workspace, value: Pointer, sign: number, weight: Pointer, scores: Pointer, terms: Pointer) => void;
    /** Adds to the squared deviations of the terms what makes of them, too, an estimate of the variance of their mean. */
    readonly spread: (work: Workspace, scores: Pointer, terms: Pointer, squares: Pointer) => void;
  };
}

export interface BoundBaseline {
  /** Writes `[samples, batch]` predictions for the values `[samples, batch]`. Reads what is remembered, never writes it. */
  readonly predict: (work: Workspace, value: Pointer, out: Pointer) => void;
  /** Whether `predict` uses only the values of other samples, so that it can predict a control variate as well. */
  readonly fromOthers?: boolean;
  /** Learns from the values of an estimate that is done. */
  readonly learn?: (work: Workspace, value: Pointer) => void;
  readonly begin?: () => void;
}
