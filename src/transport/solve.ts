import type { Points } from "../core/core.ts";
import { anderson } from "./anderson.ts";
import type { Settings } from "./options.ts";
import { paceOf, PERIOD } from "./pace.ts";
import { powersOf, scaleOf, start } from "./start.ts";
import { distance, sum } from "./vectors.ts";
import { restore, type Standing, standing, type Workspace } from "./workspace.ts";

/** A stage of annealing but the last is done at this error. */
const COARSE = 1e-2;
/** What was extrapolated is given up if the error has grown by this factor. */
const WORSE = 2;
/** Extrapolation that has not taken off a tenth of the error in so many stretches rests for as many, then for twice as many, and so on. */
const PATIENCE = 24;
const PROGRESS = 0.9;

/** One problem on its way: run it a stretch at a time. */
export interface Run {
  /** Goes on for at most `count` iterations; the workspace holds the problem then, and its marginals were measured. */
  advance(count: number): void;
  readonly iterations: number;
  /** Share of the mass in a wrong row or column; where marginals are paid for, what one more iteration would move. */
  readonly error: number;
  readonly converged: boolean;
  /** Converged, or out of iterations. */
  readonly done: boolean;
  /** 1/ε of the stage at hand, with the sign of the form. */
  readonly scale: number;
  readonly standing: Standing;
}

export function run(work: Workspace, p: number, settings: Settings): Run {
  const { tolerance, maximumIterations, strengths, logarithmic } = settings;
  const regularizations = settings.regularizations.slice(-Math.ceil(maximumIterations / 2)); // half of the iterations are for the last
  const balanced = strengths.every((strength) => strength === Number.POSITIVE_INFINITY);
  const last = regularizations.length - 1;
  const share = Math.max(1, Math.floor(maximumIterations / (2 * last + 1))); // of the iterations, for each stage but the last
  const mixer = settings.anderson > 0 ? anderson(settings.anderson) : undefined;
  const pace = paceOf(settings.overRelaxation);
  let [stage, iterations, stageEnd, mass, error] = [0, 0, share, 0, Number.POSITIVE_INFINITY];
  let kept: Standing | undefined;
  let before: Points | undefined; // γ where the last stretch began
  let [best, idle, rest, pause] = [Number.POSITIVE_INFINITY, 0, 0, PATIENCE]; // of extrapolation
  const powers = (): readonly [number, number] => powersOf(strengths, regularizations[stage]!);
  const scale = (): number => scaleOf(work.problem.form, regularizations[stage]!);

  const begin = (): void => {
    work.load(p);
    mass = sum(work.byRow(0));
    start(work, p, settings, Math.abs(scale()));
    work.begin(scale());
  };
  /** On to the next stage: the same potentials in its units. */
  const cool = (): void => {
    const ratio = regularizations[stage]! / regularizations[stage + 1]!;
    work.potentials(!balanced);
    work.byColumn(3).set(work.byColumn(4) as Float64Array);
    for (const potentials of [work.byColumn(3), work.byRow(3)]) for (let i = 0; i < potentials.length; i++) potentials[i]! *= ratio;
    stage++;
    stageEnd += share;
    error = Number.POSITIVE_INFINITY;
    before = undefined;
    mixer?.forget();
    pace.restart();
    [best, idle, rest, pause] = [Number.POSITIVE_INFINITY, 0, 0, PATIENCE];
    work.begin(scale());
  };
  const at = (gamma: Points): void => {
    work.byColumn(3).set(gamma as Float64Array);
    work.begin(scale());
  };
  /** @returns the potentials without the extrapolation, if there was one */
  const extrapolate = (): readonly [phi: Points, gamma: Points] | undefined => {
    work.potentials(!balanced);
    const after = work.byColumn(4).slice();
    const plain = before !== undefined && mixer!.next(before, after) ? ([work.byRow(3).slice(), work.byColumn(4).slice()] as const) : undefined;
    before = after;
    if (plain !== undefined) at(after);
    return plain;
  };
  /** Plain iterations always gain something: they are to be at least half of all where extrapolation gains nothing. */
  const weigh = (): void => {
    if (rest > 0) {
      if (--rest === 0) best = error;
    } else if (error <= PROGRESS * best) {
      [best, idle] = [error, 0];
    } else if (++idle === PATIENCE) {
      [idle, rest, pause] = [0, pause, 2 * pause];
      before = undefined;
      mixer!.forget();
    }
  };
  const stretch = (count: number, wanted: number): void => {
    const earlier = error;
    const plain = mixer && rest === 0 ? extrapolate() : undefined;
    iterations += work.iterate(count, wanted * mass, powers(), pace.step, logarithmic, scale());
    error = balanced ? misplaced(work) / mass : work.error / mass;
    if (Number.isNaN(error)) error = Number.POSITIVE_INFINITY; // of scalings that went beyond all numbers on the way
    pace.look(count, earlier, error);
    if (mixer !== undefined) weigh();
    if (plain === undefined || error <= WORSE * earlier) return;
    work.byRow(3).set(plain[0] as Float64Array);
    at(plain[1]);
    error = earlier;
    before = undefined;
    mixer!.forget();
  };

  return {
    advance(count) {
      if (kept === undefined) begin();
      else restore(work, p, kept, scale());
      const end = Math.min(maximumIterations, iterations + count);
      while (iterations < end) {
        const [wanted, until] = stage < last ? [Math.max(tolerance, COARSE), Math.min(end, stageEnd)] : [tolerance, end];
        stretch(Math.min(mixer !== undefined || pace.looks ? PERIOD : until, until - iterations), wanted);
        if (stage < last && (error <= wanted || iterations >= stageEnd)) cool();
        else if (stage === last && error <= tolerance && tolerance > 0) break;
      }
      if (error === Number.POSITIVE_INFINITY && balanced) error = misplaced(work) / mass; // a stage has only begun
      kept = standing(work);
    },
    get iterations() {
      return iterations;
    },
    get error() {
      return error;
    },
    get converged() {
      return stage === last && error <= tolerance;
    },
    get done() {
      return iterations >= maximumIterations || (stage === last && error <= tolerance && tolerance > 0);
    },
    get scale() {
      return scale();
    },
    get standing() {
      return kept!;
    },
  };
}

/** The larger of Σ |row sums − a| and Σ |column sums − b|. */
function misplaced(work: Workspace): number {
  work.marginals();
  return Math.max(distance(work.byRow(4), work.byRow(0)), distance(work.byColumn(2), work.byColumn(0)));
}
