import type { Corpus, Documents } from "./corpus.ts";
import type { Weights } from "./model.ts";

export interface Topic {
  readonly words: readonly string[];
  /** Mean of q(z = 1 | x) over the training passages. */
  readonly share: number;
  /** The file whose words speak for it most. */
  readonly where: string;
}

const WORDS = 10;

/** The topics in use, the most frequent first. */
export function topicsOf({ vocabulary, training }: Corpus, weights: Weights): Topic[] {
  const shares = sharesOf(training, weights);
  const own = wordDistributions(weights);
  const mean = vocabulary.map((_, word) => own.reduce((sum, p) => sum + p[word]! / own.length, 0));
  return own
    .map((p, topic) => {
      const lift = p.map((x, word) => Math.log(x / mean[word]!));
      return { words: wordsOf(p, lift, vocabulary), share: shares[topic]!, where: typical(training, lift) };
    })
    .filter(({ share }) => share > 0.01)
    .sort((a, b) => b.share - a.share);
}

/** softmax(c + W of the topic): the words of a passage that has this topic alone. */
function wordDistributions({ a, W, c }: Weights): Float64Array[] {
  return Array.from(a, (_, topic) => {
    const logits = Float64Array.from(c, (bias, word) => bias + W[topic * c.length + word]!);
    const most = Math.max(...logits);
    const exponentials = logits.map((x) => Math.exp(x - most));
    const sum = exponentials.reduce((all, x) => all + x, 0);
    return exponentials.map((x) => x / sum);
  });
}

/**
 * The words that tell the topic from the other ones: by p log(p / p̄), p̄ the mean of all topics. By p alone every topic would
 * begin with the frequent words, by p / p̄ alone with the rare ones.
 */
function wordsOf(p: Float64Array, lift: Float64Array, vocabulary: readonly string[]): string[] {
  const order = vocabulary.map((_, word) => word).sort((v, w) => p[w]! * lift[w]! - p[v]! * lift[v]!);
  return order.slice(0, WORDS).map((word) => vocabulary[word]!);
}

/** Mean of q(z = 1 | x), the encoder once more in plain numbers. */
function sharesOf({ counts, count }: Documents, { U, a }: Weights): number[] {
  const [topics, words] = [a.length, counts.length / count];
  const shares = Array.from(a, () => 0);
  for (let passage = 0; passage < count; passage++) {
    const logits = Float64Array.from(a);
    for (let word = 0; word < words; word++) {
      const n = counts[passage * words + word]!;
      if (n > 0) for (let topic = 0; topic < topics; topic++) logits[topic]! += Math.log1p(n) * U[word * topics + topic]!;
    }
    logits.forEach((x, topic) => (shares[topic]! += 1 / (1 + Math.exp(-x)) / count));
  }
  return shares;
}

/** The file with the highest mean of `lift` over its words. */
function typical({ names, counts, count }: Documents, lift: Float64Array): string {
  const files = new Map<string, { lift: number; words: number }>();
  for (let passage = 0; passage < count; passage++) {
    const file = files.get(names[passage]!) ?? { lift: 0, words: 0 };
    for (let word = 0; word < lift.length; word++) {
      const n = counts[passage * lift.length + word]!;
      file.lift += n * lift[word]!;
      file.words += n;
    }
    files.set(names[passage]!, file);
  }
  return [...files].reduce((best, file) => (file[1].lift / file[1].words > best[1].lift / best[1].words ? file : best))[0];
}
