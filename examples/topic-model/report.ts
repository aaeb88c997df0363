import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { elboChart, varianceChart } from "./charts.ts";
import type { Result } from "./checkpoint.ts";
import { type Contender, EVALUATIONS } from "./contenders.ts";
import type { Corpus } from "./corpus.ts";
import { ACTIVE } from "./model.ts";
import type { Topic } from "./topics.ts";
import { RATE, SPREAD } from "./train.ts";

/** What the report says besides the results. */
export interface Setting {
  readonly corpus: Corpus;
  readonly source: string;
  readonly topics: number;
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  /** Held-out log-likelihood of the model without topics, nats a word. */
  readonly unigram: number;
}

/** The comparison as one HTML page that needs nothing else. */
export function report(results: readonly Result[], contenders: readonly Contender[], setting: Setting): string {
  const { corpus, source, topics, steps, batch, seed, unigram } = setting;
  const curves = results.map(({ name, points }, i) => ({ name, colour: contenders[i]!.colour, points }));
  const best = bestOf(results);
  const seconds = results.reduce((all, result) => all + result.seconds, 0);
  const { training, heldOut, vocabulary, files } = corpus;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>One topic model, five gradients</title>
<style>${readFileSync(new URL("report.css", import.meta.url), "utf8")}</style>
<main>
<h1>One topic model, five gradients</h1>
<p class="lead">A topic model with ${topics} binary topics, trained five times on ${training.count} passages of ${escape(source)}: the same start,
the same ${steps} steps, the same passages, ${EVALUATIONS} evaluations of f for each passage and step. Only the estimator of the gradient differs.</p>
<div class="sheet">${table(results, contenders, unigram, best)}</div>
<div class="charts">
<section class="sheet">${elboChart(curves, unigram)}</section>
<section class="sheet">${varianceChart(curves)}</section>
</div>
<p class="note" style="margin-top:16px">Left: the ELBO of ${heldOut.count} passages from files that were never trained on; higher is better. Right: the noise of the gradient
with respect to the logits of q(z|x), from the standard errors that came with each estimate: squared, summed over the ${topics} topics, averaged over the passages of
a fortieth of the run. It is the variance that is left after ${EVALUATIONS} evaluations of f, each estimator at the parameters it has reached itself; at the left edge they all
stand at the same point.</p>
<h2>The topics</h2>
<p class="note">As ${escape(contenders[results.indexOf(best)]!.title)} found them. The bar is the share of passages that have the topic; the words are those that tell it most from the others,
by p log(p / p̄); below, the file whose words speak for it most.</p>
<div class="topics">${best.topics.map(card).join("\n")}</div>
<footer><p>log p(x|z) = Σ counts · log softmax(z W + c), z ∈ {0, 1}<sup>${topics}</sup>, prior Bernoulli(${ACTIVE}); q(z|x) = Bernoulli(sigmoid(log(1 + counts) U + a)); KL in closed form;
W has a normal prior of σ = ${SPREAD}. Adam, rate ${RATE}, batches of ${batch}, single precision, key ${seed}.
${files} files; a passage is about 100 words after stop words, ${(training.length / training.count).toFixed(0)} of them among the ${vocabulary.length} of the vocabulary; one file in ten is held out.</p>
<p>${results.length} runs in ${seconds.toFixed(0)} s on one core of ${escape(cpus()[0]?.model ?? "an unnamed processor")}, Node ${process.versions.node}, gradex on its WebAssembly core.</p></footer>
</main>
</html>
`;
}

/** The result with the highest held-out ELBO at the end. */
export function bestOf(results: readonly Result[]): Result {
  return results.reduce((best, result) => (result.points.at(-1)!.elbo > best.points.at(-1)!.elbo ? result : best));
}

function table(results: readonly Result[], contenders: readonly Contender[], unigram: number, best: Result): string {
  const rows = results.map((result, i) => {
    const [first, last] = [result.points[0]!, result.points.at(-1)!];
    const { title, colour } = contenders[i]!;
    const cells = [signed(last.elbo, 3), Math.exp(-last.elbo).toFixed(0), signed(Math.log10(first.variance), 2), signed(Math.log10(last.variance), 2), result.seconds.toFixed(1)];
    return `<tr${result === best ? ' class="best"' : ""}><td><i class="dot" style="background:${colour}"></i>${title}</td>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<table><tr><th>Estimator</th><th>held-out ELBO,<br>nats a word</th><th>perplexity<br>at most</th><th>log₁₀ variance,<br>first window</th><th>log₁₀ variance,<br>last window</th><th>seconds</th></tr>
${rows.join("\n")}
<tr class="plain"><td><i class="dot" style="border:1px dashed #5b6270"></i>No topics: word frequencies alone</td><td>${signed(unigram, 3)}</td><td>${Math.exp(-unigram).toFixed(0)}</td><td>–</td><td>–</td><td>–</td></tr></table>`;
}

function card({ words, share, where }: Topic): string {
  const [first, second, third, ...rest] = words.map(escape);
  return `<div class="topic"><div class="share"><i style="width:${(100 * share).toFixed(0)}%"></i></div><b>${first} · ${second} · ${third}</b> · ${rest.join(" · ")}<small>${(100 * share).toFixed(0)} % of passages; ${escape(where)}</small></div>`;
}

function signed(x: number, digits: number): string {
  return x.toFixed(digits).replace("-", "−");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
