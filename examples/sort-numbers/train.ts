import { adam, gradient, type Key, minimize, pathwise } from "gradex";
import { lists, placesOf, sorting, start, type Weights } from "./model.ts";

export const BATCH = 10;
export const SAMPLES = 5;
/**
 * Steps in proportion to the gradient: it is a smooth function of the place, and Adam without so large an ε makes of it steps of one size, which say nothing
 * about places next to each other.
 */
const ADAM = { rate: 1, epsilon: 0.03 };
/** Steps of a window, whose weights are averaged, and lists that means are tried on. */
const WINDOW = 50;
const TRIED = 100;

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
 * Learns to sort from lists and their sorted copies alone, new ones in each step.
 *
 * Long lists feel little of which of two neighbours comes first, and where they feel little single steps wander. So weights are means over the
 * last windows of steps (Polyak & Juditsky 1992), as many as sort most of some other lists, again new ones; training ends early with a mean that sorts all.
 */
export async function train({ n, steps, key, tests, onStep }: Task): Promise<Result> {
  const begun = Date.now();
  using slope = gradient(sorting(n), pathwise(), { samples: SAMPLES, batch: BATCH, precision: "f32" });
  const losses: number[] = [];
  let weights = start(n, key.fold("weights"));
  const windows: Weights[] = [zeros(weights)];
  let best = Number.POSITIVE_INFINITY;
  const run = minimize(slope, { params: weights, optimizer: adam(ADAM), key: key.fold("noise"), steps, context: (step) => lists(n, BATCH, key.fold("lists").fold(step)) });
  for await (const { step, params, estimate } of run) {
    const loss = estimate.value.reduce((sum, each) => sum + each, 0) / BATCH;
    losses.push(loss);
    onStep?.(step, loss);
    add(windows.at(-1)!, params as Weights, 1 / WINDOW);
    if (step % WINDOW !== 0) continue;
    const tried = key.fold("tried").fold(step);
    for (let count = 1; count <= windows.length && best > 0; count++) {
      const mean = zeros(weights);
      for (const window of windows.slice(-count)) add(mean, window, 1 / count);
      const { wrong } = errors(n, mean, TRIED, tried);
      if (wrong < best) [best, weights] = [wrong, mean];
    }
    if (best === 0) break;
    windows.push(zeros(weights));
  }
  return { n, ...errors(n, weights, tests, key.fold("tests")), seconds: (Date.now() - begun) / 1000, losses, weights };
}

const zeros = (weights: Weights): Weights => Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, new Float32Array(array.length)])) as Weights;

function add(to: Weights, from: Weights, factor: number): void {
  for (const [name, array] of Object.entries(from) as [keyof Weights, Float32Array][]) array.forEach((each, i) => (to[name][i]! += factor * each));
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
