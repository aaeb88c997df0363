import { disarm, type ForDraws, program } from "gradex";
import { ACTIVE } from "../topic-model/model.ts";

/** In single precision, as there. */
const logit = Math.fround(Math.log(ACTIVE / (1 - ACTIVE)));

/**
 * The ELBO of the topic model in `examples/topic-model`, as one program: read the passage, draw its topics, write it again. The likelihood
 * is the cost that answers for the draw; KL(q ‖ prior) and the prior on W have none before them, and no noise.
 */
export function topicProgram(topics: number, words: number, shrinkage = 0, by: ForDraws<"score" | "disarm" | "enumerate"> = disarm()) {
  return program(
    ({ U, a, W, c, counts }, draw) => {
      const logits = counts.log1p().matmul(U).add(a);
      const q = logits.sigmoid();
      const z = draw.bernoulli(q, by);
      const likelihood = z.matmul(W).add(c).logSoftmax().dot(counts);
      const kl = q.mul(logits.sub(logit)).sub(logits.softplus()).add(Math.log1p(Math.exp(logit))).sum();
      return likelihood.sub(kl).sub(W.square().sum().mul(shrinkage));
    },
    { U: [words, topics], a: [topics], W: [topics, words], c: [words] },
    { counts: words },
  );
}
