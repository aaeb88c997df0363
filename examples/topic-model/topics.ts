import type { Corpus, Documents } from "./corpus.ts";
import type { Weights } from "./model.ts";

export interface Topic {
  readonly words: readonly string[];
  /** Mean of q(z = 1 | x) over the training passages. */
  readonly share: number;
  /** The file in which it is strongest. */
  readonly where: string;
}

const WORDS = 10;

/** The topics in use, the most frequent first. */
export function topicsOf({ vocabulary, training }: Corpus, weights: Weights): Topic[] {
  const topics = weights.a.length;
  const presence = presenceOf(training, weights);
  return Array.from({ length: topics }, (_, topic) => {
    const own = Array.from({ length: training.count }, (_, i) => presence[i * topics + topic]!);
    const share = own.reduce((sum, p) => sum + p, 0) / training.count;
    return { words: wordsOf(topic, vocabulary, weights), share, where: strongest(training.names, own) };
  })
    .filter(({ share }) => share > 0.01)
    .sort((a, b) => b.share - a.share);
}

/**
 * The words that tell the topic from no topic: by p log(p / p₀), p = softmax(c + W of the topic), p₀ = softmax(c). By p alone every
 * topic would begin with the frequent words, by p / p₀ alone with the rare ones.
 */
function wordsOf(topic: number, vocabulary: readonly string[], { W, c }: Weights): string[] {
  const p0 = softmax(c);
  const p = softmax(c.map((bias, word) => bias + W[topic * c.length + word]!));
  const gain = p.map((own, word) => own * Math.log(own / p0[word]!));
  return vocabulary.map((_, word) => word).sort((v, w) => gain[w]! - gain[v]!).slice(0, WORDS).map((word) => vocabulary[word]!);
}

function softmax(logits: Float32Array): Float64Array {
  const most = Math.max(...logits);
  const exponentials = Float64Array.from(logits, (x) => Math.exp(x - most));
  const sum = exponentials.reduce((all, x) => all + x, 0);
  return exponentials.map((x) => x / sum);
}

/** q(z = 1 | x) of each passage, `[count, topics]`. */
function presenceOf({ counts, count }: Documents, { U, a }: Weights): Float64Array {
  const [topics, words] = [a.length, counts.length / count];
  const presence = new Float64Array(count * topics);
  for (let i = 0; i < count; i++) {
    const logits = Float64Array.from(a);
    for (let word = 0; word < words; word++) {
      const n = counts[i * words + word]!;
      if (n > 0) for (let topic = 0; topic < topics; topic++) logits[topic]! += Math.log1p(n) * U[word * topics + topic]!;
    }
    presence.set(logits.map((x) => 1 / (1 + Math.exp(-x))), i * topics);
  }
  return presence;
}

/** The file whose passages have most of it, on average. */
function strongest(names: readonly string[], presence: readonly number[]): string {
  const files = new Map<string, number[]>();
  names.forEach((name, i) => files.set(name, [...(files.get(name) ?? []), presence[i]!]));
  const mean = (all: readonly number[]): number => all.reduce((sum, p) => sum + p, 0) / (all.length + 1); // one passage is no evidence
  return [...files].reduce((best, file) => (mean(file[1]) > mean(best[1]) ? file : best))[0];
}
