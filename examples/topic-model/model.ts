import { bernoulli, expectation, expression, given, type Key, kl, network, normal, sample } from "gradex";
import type { Documents } from "./corpus.ts";

/** U and a are the encoder's, W and c the decoder's. */
export type Weights = Readonly<Record<"U" | "a" | "W" | "c", Float32Array>>;

/** φ: the share of the topics that a passage has before it is read. */
export const ACTIVE = 0.03;
const logit = Math.log(ACTIVE / (1 - ACTIVE));

/**
 * The ELBO of a latent factor topic model: E[log p(x|z)] − KL(q(z|x) ‖ p(z)).
 *
 * p(x|z) = Categorical(softmax(W z + c)) over the words of a passage, z ∈ {0, 1}ᵏ with prior Bernoulli(φ);
 * q(z|x) = Bernoulli(sigmoid(U log(1 + x) + a)).
 *
 * @param shrinkage  of W: a passage's share 1/(2σ²n) of a normal prior on it; 0 for the likelihood alone
 */
export function topicModel(topics: number, words: number, shrinkage = 0) {
  const decoder = expression(
    (z, { W, c, counts }) => z.matmul(W).add(c).logSoftmax().mul(counts).sum().sub(W.square().sum().mul(shrinkage)),
    { W: [topics, words], c: [words] },
    { counts: words },
  );
  const encoder = network(({ counts, U, a }) => ({ logits: counts.log1p().matmul(U).add(a) }), { U: [words, topics], a: [topics] }, { counts: words });
  const prior = { logits: new Float32Array(topics).fill(logit) };
  return expectation(given(bernoulli(topics), encoder), decoder, { minus: kl(prior) });
}

/** Where every run starts: no topic known, W small and random, c the frequencies of the words. */
export function start(topics: number, { counts, count }: Documents, from: Key): Weights {
  const words = counts.length / count;
  const one = { mean: new Float32Array(1), logScale: new Float32Array(1).fill(-3) };
  return {
    U: new Float32Array(words * topics),
    a: new Float32Array(topics).fill(logit),
    W: sample(normal(1), one, from, { samples: topics * words }) as Float32Array,
    c: frequencies(counts, words).map(Math.log),
  };
}

/** Of each word, all passages together, with half an occurrence more. */
export function frequencies(counts: Float32Array, words: number): Float32Array {
  const total = new Float32Array(words).fill(0.5);
  counts.forEach((n, i) => (total[i % words]! += n));
  const sum = total.reduce((all, n) => all + n, 0);
  return total.map((n) => n / sum);
}

/** The passages of a step: drawn with replacement, the same for every estimator. */
export function minibatch({ counts, count }: Documents, batch: number, step: number, from: Key): Float32Array<ArrayBuffer> {
  const words = counts.length / count;
  const chosen = new Float32Array(batch * words);
  from.fold(step).split(batch).forEach(({ low }, i) => {
    const passage = low % count;
    chosen.set(counts.subarray(passage * words, (passage + 1) * words), i * words);
  });
  return chosen;
}
