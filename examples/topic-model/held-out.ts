import { gradient, key, scoreFunction } from "gradex";
import type { Documents } from "./corpus.ts";
import { frequencies, topicModel, type Weights } from "./model.ts";

const SAMPLES = 8;
const BATCH = 32;

/** The ELBO of passages that were never trained on, nats a word, by fixed random numbers: the same for every estimator and step. */
export function heldOutElbo(weights: Weights, { counts, count, length }: Documents): number {
  const words = counts.length / count;
  using elbo = gradient(topicModel(weights.a.length, words), scoreFunction(), { samples: SAMPLES, batch: BATCH, precision: "f32" });
  let total = 0;
  for (let first = 0; first < count; first += BATCH) {
    const block = new Float32Array(BATCH * words); // the last one is filled up with empty passages
    block.set(counts.subarray(first * words, (first + BATCH) * words));
    const { value } = elbo.estimate(weights, key("held out").fold(first), { context: { counts: block } });
    for (let i = 0; i < BATCH && first + i < count; i++) total += value[i]!;
  }
  return total / length;
}

/** log p of the same words if each is drawn by its frequency in the training passages: the model without topics. */
export function unigramElbo(training: Documents, heldOut: Documents): number {
  const words = training.counts.length / training.count;
  const logFrequency = frequencies(training.counts, words).map(Math.log);
  return heldOut.counts.reduce((all, n, i) => all + n * logFrequency[i % words]!, 0) / heldOut.length;
}
