import { describe } from "vitest";
import type { Precision } from "../src/core/core.ts";
import { antitheticLaws, mutualLaws } from "./laws/antithetic.ts";
import { averagedLaws } from "./laws/averaged.ts";
import { circularLaws } from "./laws/circular.ts";
import { countLaws } from "./laws/counts.ts";
import { conditionalLaws, gapLaws } from "./laws/conditional.ts";
import { cumulativeLaws } from "./laws/cumulative.ts";
import { densityLaws } from "./laws/density.ts";
import { exactLaws } from "./laws/exact.ts";
import { expansionLaws } from "./laws/expansion.ts";
import { finiteLaws } from "./laws/finite.ts";
import { meanLaws } from "./laws/mean.ts";
import { pathLaws } from "./laws/path.ts";
import { quantileLaws } from "./laws/quantile.ts";
import { relaxationLaws } from "./laws/relaxation.ts";
import { samplingLaws } from "./laws/sampling.ts";
import { separableLaws } from "./laws/separable.ts";
import { smoothLaws } from "./laws/smooth.ts";
import type { Family, Problem } from "./laws/stage.ts";
import { supportLaws } from "./laws/support.ts";
import { weakLaws } from "./laws/weak.ts";

/** What the laws need to know of a family; all else they find out from its capabilities. */
export interface Subject {
  readonly family: Family;
  /** Problems of ordinary size: the laws run the first alone, then all of them as a batch. Three are a good number. */
  readonly problems: readonly Problem[];
  /** Whether a coordinate (and, if that does not settle it, the whole draw) is in the support. */
  readonly support: (x: number, draw: ArrayLike<number>, problem: Problem) => boolean;
  /** Exact mean and variance of each coordinate, where they exist. */
  readonly moments?: (problem: Problem) => { readonly mean: readonly number[]; readonly variance: readonly number[] };
  /** log p of one draw, as the reference has it. */
  readonly logProb?: (problem: Problem, x: ArrayLike<number>) => number;
  /** ∂ log p by each parameter's number `j`, as the reference has it: for families whose coordinates are independent. */
  readonly score?: (problem: Problem, x: ArrayLike<number>, j: number) => readonly number[];
  /** Where the density of one coordinate is to be integrated over the line. Only for dim = 1. */
  readonly range?: (problem: Problem) => readonly [number, number];
  /** The last count that matters, of counts without end: the others have less than 1e-12 together. Only for dim = 1. */
  readonly last?: (problem: Problem) => number;
  /** Where log p bends in each coordinate: finite differences across are none of its slopes. */
  readonly bend?: (problem: Problem) => readonly number[];
  /** Extreme parameters: draws stay finite, log p is never NaN. In f32 where a number fits. */
  readonly edges?: { readonly f64: readonly Problem[]; readonly f32: readonly Problem[] };
  /** Parameters of which a part of the draws is beyond the numbers, and stored at their end: the score keeps its mean of zero. */
  readonly saturated?: readonly Problem[];
  /** ∂x of one draw by each number of one problem's parameters, packed by name, as the reference has it: where the path is implicit. */
  readonly jacobian?: (problem: Problem, x: ArrayLike<number>) => readonly (readonly number[])[];
  /** Priors for KL(p ‖ prior), as many as there are problems. */
  readonly priors?: readonly Problem[];
}

/** The laws of every distribution, in both precisions, for one problem and for a batch. */
export function laws(title: string, subject: Subject): void {
  describe(title, () => {
    for (const precision of ["f64", "f32"] as const satisfies readonly Precision[]) {
      for (const problems of [subject.problems.slice(0, 1), subject.problems]) {
        describe(`in ${precision}, batch ${problems.length}`, () => {
          samplingLaws(subject, precision, problems);
          if (subject.family.logProb !== undefined) densityLaws(subject, precision, problems);
          if (subject.family.logProb !== undefined && problems.length === 1) supportLaws(subject, precision, problems[0]!);
          if (subject.family.path !== undefined) pathLaws(subject, precision, problems);
          if (subject.family.logProbGradient !== undefined) smoothLaws(subject, precision, problems);
          if (subject.family.support !== undefined) finiteLaws(subject, precision, problems);
          if (subject.family.variable !== undefined) separableLaws(subject, precision, problems);
          if (subject.family.antithetic !== undefined) antitheticLaws(subject, precision, problems);
          if (subject.family.mutual !== undefined) mutualLaws(subject, precision, problems);
          if (subject.family.relaxation !== undefined) relaxationLaws(subject, precision, problems);
          if (subject.last !== undefined && subject.family.dim === 1 && problems.length === 1) countLaws(subject, precision, problems[0]!);
          if (subject.family.moments !== undefined) averagedLaws(subject, precision, problems);
          if (subject.family.circular !== undefined) circularLaws(subject, precision, problems);
          if (subject.family.centre !== undefined) expansionLaws(subject, precision, problems);
          if (subject.family.quantile !== undefined) quantileLaws(subject, precision, problems);
          if (subject.family.cumulative !== undefined) cumulativeLaws(subject, precision, problems);
          if (subject.family.weak !== undefined) weakLaws(subject, precision, problems);
          if (subject.family.conditional !== undefined) conditionalLaws(subject, precision, problems);
          if (subject.family.gapped !== undefined) gapLaws(subject, precision, problems);
          if (subject.family.centre !== undefined) meanLaws(subject, precision, problems);
          exactLaws(subject, precision, problems);
        });
      }
    }
  });
}
