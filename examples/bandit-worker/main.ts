/**
 * `node examples/bandit-worker/main.ts [--visitors n] [--seed n] [--chart file]`: a contextual bandit in a Cloudflare Worker. Each visitor is one
 * request for a headline and one with the reward; the policy learns from it before the next. The package must be built: `npm run build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { chart } from "./chart.ts";
import { HEADLINES } from "./policy.ts";
import { serve } from "./serve.ts";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({ options: { visitors: { type: "string", default: "6000" }, seed: { type: "string", default: "1" }, chart: { type: "string", default: "bandit.svg" } } });
const [visitors, seed] = [Number(values.visitors), Number(values.seed)];
if (!Number.isInteger(visitors) || visitors < 100) throw new RangeError(`bandit-worker: --visitors expected a whole number of at least 100, got "${values.visitors}"`);
if (!Number.isInteger(seed) || seed < 0) throw new RangeError(`bandit-worker: --seed expected a whole number, got "${values.seed}"`);

const folder = mkdtempSync(join(tmpdir(), "gradex-bandit-"));
const server = await serve(folder);
const bar = new SingleBar({ format: "{bar} {value} of {total} visitors  {rate} % read on", barsize: 24, barCompleteChar: "█", barIncompleteChar: "░", hideCursor: true, gracefulExit: false, noTTYOutput: true, notTTYSchedule: 5000 });
try {
  bar.start(visitors, 0, { rate: "–" });
  const before = server.processorSeconds();
  const run = await simulate(server, { seed, visitors, onVisitor: (seen, rate) => bar.update(seen, { rate: (100 * rate).toFixed(1) }) });
  const spent = server.processorSeconds() - before;
  bar.stop();
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
  console.log(`\nOf the last fifth of the visitors ${percent(run.late.policy)} read on; chosen at random they would have been ${percent(run.late.random)}, with their taste known ${percent(run.late.best)}.`);
  if (Number.isFinite(spent)) console.log(`${((1000 * spent) / (2 * visitors)).toFixed(2)} ms of processor time a request, the runtime's own work included (Workers may take 10 ms in the free plan).`);
  writeFileSync(values.chart, chart(run.points, HEADLINES));
  console.log(`The chart is in ${resolve(values.chart)}.`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
