import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { key } from "gradex";
import { forget, load, type Result } from "./checkpoint.ts";
import { contenders } from "./contenders.ts";
import { contest } from "./contest.ts";
import { corpusOf, fingerprint } from "./corpus.ts";
import { filesIn, ownFiles } from "./files.ts";
import { unigramElbo } from "./held-out.ts";
import { options, usage } from "./options.ts";
import { progress } from "./progress.ts";
import { attempt } from "./refusal.ts";
import { bestOf, report } from "./report.ts";

const BATCH = 64;
const CHECKPOINT = resolve(".checkpoint/topic-model.json");

async function main(): Promise<void> {
  const { folder, topics, steps, seed, report: page, fresh, help } = options(process.argv.slice(2));
  if (help) return void process.stdout.write(usage);
  const corpus = corpusOf(folder === undefined ? ownFiles() : filesIn(folder), key(seed).fold("held out"));
  const { files, vocabulary, training, heldOut } = corpus;
  const source = folder === undefined ? "the documents of gradex and of the packages installed with it" : `the documents in ${folder}`;
  console.log(`${files} documents, ${vocabulary.length} words; ${training.count} passages to learn from, ${heldOut.count} held out (of other documents).`);

  const field = contenders(vocabulary.length);
  if (fresh) forget(CHECKPOINT);
  const saved = load(CHECKPOINT, `${fingerprint(corpus)} ${topics} ${steps} ${seed} ${BATCH}`);
  if (saved.results.length > 0 || saved.unfinished) console.log(`Going on where it was interrupted: ${saved.results.length} of ${field.length} runs are done.`);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort()); // once: a second Ctrl-C ends it at once
  const done = await contest({ corpus, topics, steps, batch: BATCH, key: key(seed), signal: stop.signal }, field, saved, CHECKPOINT, progress(steps));
  if (done.results.length < field.length) {
    console.log("Interrupted. The same command goes on from here.");
    process.exitCode = 130;
    return;
  }
  const unigram = unigramElbo(training, heldOut);
  print(done.results, unigram);
  const html = report(done.results, field, { corpus, source, topics, steps, batch: BATCH, seed, unigram });
  attempt("write", page, () => writeFileSync(page, html));
  forget(CHECKPOINT);
  console.log(`\nThe report is in ${resolve(page)}.`);
}

function print(results: readonly Result[], unigram: number): void {
  const best = bestOf(results);
  console.log(`\nTopics, as ${best.name} found them:`);
  best.topics.forEach(({ words, share }) => console.log(`${(100 * share).toFixed(0).padStart(4)} %  ${words.join(" ")}`));
  const row = (name: string, ...cells: readonly string[]): void => console.log(`${name.padEnd(16)}${cells.map((cell) => cell.padStart(14)).join("")}`);
  console.log();
  row("", "held-out ELBO", "perplexity", "log₁₀ variance", "seconds");
  for (const { name, points, seconds } of results) {
    const { elbo, variance } = points.at(-1)!;
    row(name, elbo.toFixed(4), Math.exp(-elbo).toFixed(1), Math.log10(variance).toFixed(3), seconds.toFixed(1));
  }
  row("no topics", unigram.toFixed(4), Math.exp(-unigram).toFixed(1));
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error) || error.name !== "Refusal") throw error;
  console.error(`topic-model: ${error.message}`);
  process.exitCode = 1;
}
