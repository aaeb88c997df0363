import { adam, type Checkpoint, gradient, type Key, maximize } from "gradex";
import { type Contender, EVALUATIONS } from "./contenders.ts";
import type { Corpus } from "./corpus.ts";
import { heldOutElbo } from "./held-out.ts";
import { minibatch, start, topicModel, type Weights } from "./model.ts";

/** What every contender is given alike. */
export interface Task {
  readonly corpus: Corpus;
  readonly topics: number;
  readonly batch: number;
  readonly steps: number;
  readonly key: Key;
  readonly signal: AbortSignal;
}

/** One dot of the charts. */
export interface Point {
  readonly step: number;
  /** Of f, since the start. */
  readonly evaluations: number;
  /** Held-out ELBO, nats a word. */
  readonly elbo: number;
  /** Variance of the gradient with respect to the logits of q(z|x), summed over the topics: the mean over the passages
   * of a window of steps of the squared standard errors, so what is left of the noise after EVALUATIONS evaluations of f. */
  readonly variance: number;
}

/** Where a run stands after a step. */
export interface Standing {
  readonly step: number;
  /** Of the step's passages, nats a word, the prior on W included. */
  readonly elbo: number;
  /** Root mean square over passages and topics. */
  readonly standardError: number;
  /** A measurement, made at the end of each window. */
  readonly point?: Point;
  readonly weights: Weights;
  checkpoint(): Checkpoint;
}

/** Step size of Adam. */
export const RATE = 0.01;
/** σ of the normal prior on W. */
export const SPREAD = 0.7;
const WINDOWS = 40;

/**
 * Maximises the ELBO by one estimator. A run resumed from a checkpoint that was taken at a measurement ends in the same bits as a
 * run that was never interrupted.
 */
export async function* train(task: Task, { estimator, samples }: Contender, resume?: Checkpoint): AsyncGenerator<Standing, void, undefined> {
  const { corpus, topics, batch, steps, key, signal } = task;
  const words = corpus.vocabulary.length;
  const window = Math.max(1, Math.ceil(steps / WINDOWS));
  let counts = new Float32Array(0);
  const context = (step: number) => ({ counts: (counts = minibatch(corpus.training, batch, step, key.fold("minibatch"))) });
  using elbo = gradient(topicModel(topics, words, 1 / (2 * SPREAD ** 2 * corpus.training.count)), estimator, { samples, batch, precision: "f32" });
  const run = maximize(elbo, {
    params: start(topics, corpus.training, key.fold("weights")),
    optimizer: adam({ rate: RATE }),
    key: key.fold("samples"),
    steps,
    context,
    signal,
    ...(resume && { resume }),
  });
  let variance = 0;
  for await (const { step, params, estimate, checkpoint } of run) {
    const weights = params as Weights;
    const own = sumOfSquares(estimate.standardError.logits) / batch;
    variance += own / window;
    const standing = { step, elbo: sum(estimate.value) / sum(counts), standardError: Math.sqrt(own / topics), weights, checkpoint };
    if (step % window !== 0 && step !== steps) yield standing;
    else {
      const mean = variance * (window / (((step - 1) % window) + 1));
      yield { ...standing, point: { step, evaluations: step * batch * EVALUATIONS, elbo: heldOutElbo(weights, corpus.heldOut), variance: mean } };
      variance = 0;
    }
  }
}

function sum(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((all, x) => all + x, 0);
}

function sumOfSquares(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((all, x) => all + x * x, 0);
}
