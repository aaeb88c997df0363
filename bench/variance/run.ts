/**
 * `npm run variance`: all estimators at equal evaluations of f, written between the markers of docs/choosing-an-estimator.md.
 * The core must be built. Keys are fixed: the same core writes the same table.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { measure } from "./measure.ts";
import { problems } from "./problems.ts";
import { section } from "./table.ts";

const budget = { evaluations: 64, replicates: 20_000, training: 1000 };
const page = new URL("../../docs/choosing-an-estimator.md", import.meta.url);
const [begin, end] = ["<!-- npm run variance -->", "<!-- /npm run variance -->"];

const sections = problems().map((problem) => {
  console.error(problem.title);
  return section(problem, problem.entries.map((entry) => measure(problem, entry, budget)));
});
const text = readFileSync(page, "utf8");
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`variance: ${page.pathname} expected the markers ${begin} and ${end}`);
writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${sections.join("\n\n")}\n\n${text.slice(to)}`);
