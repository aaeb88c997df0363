import { createHash } from "node:crypto";
import type { Key } from "gradex";
import type { TextFile } from "./files.ts";
import { refusal } from "./refusal.ts";
import { wordsOf } from "./words.ts";

/** Passages as word counts. A document of the model is a passage: files differ in length a thousandfold, passages hardly. */
export interface Documents {
  readonly count: number;
  /** The file that each passage is from. */
  readonly names: readonly string[];
  /** `[count, words]` */
  readonly counts: Float32Array;
  /** Words counted, over all passages. */
  readonly length: number;
}

export interface Corpus {
  readonly files: number;
  readonly vocabulary: readonly string[];
  readonly training: Documents;
  /** From other files than the training passages. */
  readonly heldOut: Documents;
}

const PASSAGE = 100; // words without stop words: about 200 words of running text
const PASSAGES = 24; // of one file at most, evenly spread, so that no long file drowns the others
const SHORTEST = 20; // words of the vocabulary; shorter passages are left out
const VOCABULARY = 600; // words at most: the most frequent
const FILES = 3; // in which a word must occur, so that no topic is the name of one package
const SHARE = 0.2; // of the passages at most: more frequent words tell nothing apart

interface Passage {
  readonly file: string;
  readonly words: readonly string[];
}

/**
 * Files → passages → counts. A tenth of the files is held out: which ones depends on the key and their names alone.
 *
 * @throws a sentence, if there is too little to learn from
 */
export function corpusOf(files: readonly TextFile[], key: Key): Corpus {
  const distinct = [...new Map(files.map((file) => [hash(file.text), file])).values()];
  if (distinct.length < 20) throw refusal(`${distinct.length} different documents are too few: a topic model needs at least 20.`);
  const lot = (file: TextFile): number => key.fold(file.name).low;
  const chosen = new Set(distinct.toSorted((a, b) => lot(a) - lot(b)).slice(0, Math.ceil(distinct.length / 10)));
  const passages = (wanted: boolean): Passage[] => distinct.filter((file) => chosen.has(file) === wanted).flatMap(passagesOf);
  const [known, unknown] = [passages(false), passages(true)];
  const vocabulary = vocabularyOf(known);
  const training = documents(known, vocabulary);
  const heldOut = documents(unknown, vocabulary);
  if (training.count < 30 || heldOut.count < 2) {
    throw refusal(`the documents give ${training.count} + ${heldOut.count} passages of at least ${SHORTEST} informative words (to learn from + held out): too few, at least 30 + 2 are needed.`);
  }
  return { files: distinct.length, vocabulary, training, heldOut };
}

/** What a run depends on, in short: a checkpoint of other data is not resumed. */
export function fingerprint({ vocabulary, training, heldOut }: Corpus): string {
  return hash(vocabulary.join(" "), training.counts, heldOut.counts);
}

function hash(...parts: readonly (string | Float32Array)[]): string {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(typeof part === "string" ? part : new Uint8Array(part.buffer));
  return sha.digest("hex");
}

function passagesOf({ name, text }: TextFile): Passage[] {
  const words = wordsOf(text);
  const pieces = Math.max(1, Math.round(words.length / PASSAGE));
  const taken = Math.min(pieces, PASSAGES);
  return Array.from({ length: taken }, (_, i) => {
    const piece = Math.floor((i * pieces) / taken);
    const [from, to] = [piece, piece + 1].map((at) => Math.round((at * words.length) / pieces));
    return { file: name, words: words.slice(from, to) };
  });
}

function vocabularyOf(passages: readonly Passage[]): string[] {
  const seen = new Map<string, { total: number; passages: number; files: Set<string> }>();
  for (const { file, words } of passages) {
    const fresh = new Set(words);
    for (const word of words) {
      const own = seen.get(word) ?? { total: 0, passages: 0, files: new Set<string>() };
      own.total++;
      if (fresh.delete(word)) own.passages++;
      own.files.add(file);
      seen.set(word, own);
    }
  }
  const kept = [...seen].filter(([, own]) => own.files.size >= FILES && own.passages <= SHARE * passages.length);
  kept.sort(([a, x], [b, y]) => y.total - x.total || (a < b ? -1 : 1));
  return kept.slice(0, VOCABULARY).map(([word]) => word);
}

function documents(passages: readonly Passage[], vocabulary: readonly string[]): Documents {
  const index = new Map(vocabulary.map((word, i) => [word, i]));
  const kept = passages
    .map(({ file, words }) => ({ file, known: words.flatMap((word) => index.get(word) ?? []) }))
    .filter(({ known }) => known.length >= SHORTEST);
  const counts = new Float32Array(kept.length * vocabulary.length);
  kept.forEach(({ known }, i) => known.forEach((word) => counts[i * vocabulary.length + word]!++));
  return { count: kept.length, names: kept.map(({ file }) => file), counts, length: kept.reduce((sum, { known }) => sum + known.length, 0) };
}
