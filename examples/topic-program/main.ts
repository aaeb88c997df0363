import { key } from "gradex";
import { corpusOf } from "../topic-model/corpus.ts";
import { filesIn, ownFiles } from "../topic-model/files.ts";
import { unigramElbo } from "../topic-model/held-out.ts";
import { train } from "./train.ts";

const [folder, steps = "400"] = process.argv.slice(2);
const corpus = corpusOf(folder === undefined ? ownFiles() : filesIn(folder), key(7).fold("held out"));
console.log(`${corpus.files} documents, ${corpus.vocabulary.length} words. Held-out ELBO, nats a word:`);
console.log(`no topics  ${unigramElbo(corpus.training, corpus.heldOut).toFixed(4)}`);
for await (const { step, heldOut } of train(corpus, { topics: 16, batch: 64, steps: Number(steps), key: key(7) })) console.log(`step ${String(step).padStart(5)} ${heldOut.toFixed(4)}`);
