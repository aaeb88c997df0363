import { type Binary, disarm, type Estimator, type Integrand, leaveOneOut, movingAverage, networkBaseline, none, scoreFunction } from "gradex";

/** An estimator in the comparison. */
export interface Contender {
  /** Short, for the terminal. */
  readonly name: string;
  /** For the report. */
  readonly title: string;
  readonly estimator: Estimator<Binary, Integrand>;
  /** So many that f is evaluated EVALUATIONS times for each passage, whatever the estimator. */
  readonly samples: number;
  readonly colour: string;
}

/** Evaluations of f for a passage in one step. */
export const EVALUATIONS = 4;

/** The score function with four baselines, and DisARM, whose sample is a pair of points. */
export function contenders(words: number): Contender[] {
  return [
    { name: "no baseline", title: "Score function, no baseline", estimator: scoreFunction({ baseline: none() }), samples: 4, colour: "#8a8f98" },
    { name: "moving average", title: "Score function, moving average", estimator: scoreFunction({ baseline: movingAverage() }), samples: 4, colour: "#d9822b" },
    { name: "learned C(x)", title: "Score function, learned C(x)", estimator: scoreFunction({ baseline: networkBaseline({ counts: words }, { hidden: [32] }) }), samples: 4, colour: "#12827c" },
    { name: "leave-one-out", title: "Score function, leave-one-out", estimator: scoreFunction({ baseline: leaveOneOut() }), samples: 4, colour: "#3565d1" },
    { name: "DisARM", title: "DisARM", estimator: disarm(), samples: 2, colour: "#c2255c" },
  ];
}
