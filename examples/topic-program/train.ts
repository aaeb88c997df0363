import { adam, type Key, maximize, programGradient } from "gradex";
import { EVALUATIONS } from "../topic-model/contenders.ts";
import type { Corpus } from "../topic-model/corpus.ts";
import { heldOutElbo } from "../topic-model/held-out.ts";
import { minibatch, start, type Weights } from "../topic-model/model.ts";
import { RATE, SPREAD } from "../topic-model/train.ts";
import { topicProgram } from "./model.ts";

const MEASUREMENTS = 10;

/** Held-out ELBO, nats a word, every tenth of the way. A pair of runs a sample, so that a passage is evaluated as often as in the comparison. */
export async function* train(corpus: Corpus, { topics, batch, steps, key }: { readonly topics: number; readonly batch: number; readonly steps: number; readonly key: Key }): AsyncGenerator<{ readonly step: number; readonly heldOut: number }> {
  const words = corpus.vocabulary.length;
  const elbo = topicProgram(topics, words, 1 / (2 * SPREAD ** 2 * corpus.training.count));
  using gradient = programGradient(elbo, { samples: EVALUATIONS / 2, batch, precision: "f32" });
  const run = maximize(gradient, {
    params: start(topics, corpus.training, key.fold("weights")),
    optimizer: adam({ rate: RATE }),
    key: key.fold("samples"),
    steps,
    context: (step) => ({ counts: minibatch(corpus.training, batch, step, key.fold("minibatch")) }),
  });
  for await (const { step, params } of run) {
    if (step % Math.ceil(steps / MEASUREMENTS) === 0 || step === steps) yield { step, heldOut: heldOutElbo(params as Weights, corpus.heldOut) };
  }
}
