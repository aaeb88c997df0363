import { adam, gradient, type Key, minimize, pathwise } from "gradex";
import { lists, placesOf, sorting, start, type Weights } from "./model.ts";

export const BATCH = 40;
export const SAMPLES = 5;
export const RATE = 0.1;

export interface Task {
  /** Numbers of a list. */
  readonly n: number;
  readonly steps: number;
  readonly key: Key;
  /** Lists to test on. */
  readonly tests: number;
  readonly onStep?: (step: number, loss: number) => void;
}

/** What is wrong with lists sorted by the network, none of which it was trained on. */
export interface Result {
  readonly n: number;
  /** Share of the numbers in a wrong place. */
  readonly wrong: number;
  /** Share of the lists with any number in a wrong place. */
  readonly anyWrong: number;
  readonly seconds: number;
  /** Mean squared distance from the sorted list, step by step. */
  readonly losses: readonly number[];
  readonly weights: Weights;
}

/**
 * Learns to sort from lists and their sorted copies alone, new ones in each step. The weights are the mean over the last two thirds of the steps (Polyak &
 * Juditsky 1992): long lists feel little of which of two neighbours comes first, and where they feel little single steps wander.
 */
export async function train({ n, steps, key, tests, onStep }: Task): Promise<Result> {
  const begun = Date.now();
  using slope = gradient(sorting(n), pathwise(), { samples: SAMPLES, batch: BATCH, precision: "f32" });
  const weights = start(n, key.fold("weights"));
  const skipped = Math.floor(steps / 3);
  const mean = Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, new Float32Array(array.length)])) as Weights;
  const losses: number[] = [];
  const run = minimize(slope, { params: weights, optimizer: adam({ rate: RATE }), key: key.fold("noise"), steps, context: (step) => lists(n, BATCH, key.fold("lists").fold(step)) });
  for await (const { step, params, estimate } of run) {
    const loss = estimate.value.reduce((sum, each) => sum + each, 0) / BATCH;
    losses.push(loss);
    onStep?.(step, loss);
    if (step <= skipped) continue;
    for (const [name, array] of Object.entries(params) as [keyof Weights, Float32Array][]) array.forEach((each, i) => (mean[name][i]! += each / (steps - skipped)));
  }
  return { n, ...errors(n, mean, tests, key.fold("tests")), seconds: (Date.now() - begun) / 1000, losses, weights: mean };
}

function errors(n: number, weights: Weights, tests: number, from: Key): Pick<Result, "wrong" | "anyWrong"> {
  const { numbers, sorted } = lists(n, tests, from);
  const places = placesOf(n, weights, numbers);
  let [wrong, lost] = [0, 0];
  for (let list = 0; list < tests; list++) {
    let missed = 0;
    for (let i = list * n; i < (list + 1) * n; i++) if (sorted[list * n + places[i]!] !== numbers[i]) missed++;
    wrong += missed / (tests * n);
    if (missed > 0) lost++;
  }
  return { wrong, anyWrong: lost / tests };
}
