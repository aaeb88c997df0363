import { type Result, save, type Saved, type Unfinished } from "./checkpoint.ts";
import type { Contender } from "./contenders.ts";
import type { Progress } from "./progress.ts";
import { topicsOf } from "./topics.ts";
import { type Standing, type Task, train } from "./train.ts";

const SAVE = 3; // seconds between two checkpoints written

/**
 * Trains the same model by one estimator after the other, from where it was saved.
 *
 * @returns the comparison so far; with fewer results than contenders if it was interrupted
 */
export async function contest(task: Task, contenders: readonly Contender[], saved: Saved, path: string, show: Progress): Promise<Saved> {
  for (const [index, contender] of contenders.entries()) {
    if (index < saved.results.length) continue;
    const { result, unfinished } = await run(task, contender, saved, path, show, contenders.length - index - 1);
    const { fingerprint, results } = saved;
    saved = { fingerprint, results: [...results, ...(result ? [result] : [])], ...(unfinished && { unfinished }) };
    save(path, saved);
    if (result === undefined) return saved;
  }
  return saved;
}

/** One run, to its end or to its last measurement before an interruption. */
async function run(task: Task, contender: Contender, saved: Saved, path: string, show: Progress, after: number): Promise<{ readonly result?: Result; readonly unfinished?: Unfinished }> {
  const { steps, batch, corpus } = task;
  const begun = Date.now();
  let stand: Unfinished | undefined = saved.unfinished;
  const before = stand?.seconds ?? 0;
  const first = stand?.checkpoint.step ?? 0;
  const points = [...(stand?.points ?? [])];
  const seconds = (): number => before + (Date.now() - begun) / 1000;
  let written = begun;
  let last: Standing | undefined;
  show.begin(contender.name, first);
  for await (const standing of train(task, contender, stand?.checkpoint)) {
    last = standing;
    const perStep = (Date.now() - begun) / 1000 / (standing.step - first);
    show.show(standing, batch / perStep, (steps - standing.step + after * steps) * perStep);
    if (standing.point === undefined) continue;
    points.push(standing.point);
    stand = { points: [...points], seconds: seconds(), checkpoint: standing.checkpoint() };
    if (standing.step === steps || Date.now() - written < 1000 * SAVE) continue;
    save(path, { ...saved, unfinished: stand });
    written = Date.now();
  }
  show.end();
  if (last?.step === steps) return { result: { name: contender.name, points, seconds: seconds(), topics: topicsOf(corpus, last.weights) } };
  return stand === undefined ? {} : { unfinished: stand };
}
