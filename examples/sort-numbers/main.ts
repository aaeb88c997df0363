/**
 * `node examples/sort-numbers/main.ts [--lengths 5,10,15,80,100,120] [--steps n] [--tests n] [--seed n] [--chart file]`: learns to sort numbers with Gumbel-Sinkhorn, once
 * for each length of list. The package must be built: `npm run build`.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { MultiBar } from "cli-progress";
import { key } from "gradex";
import { chart } from "./chart.ts";
import { type Result, train } from "./train.ts";

const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
const { values } = parseArgs({ options: { lengths: text("5,10,15,80,100,120"), steps: text("500"), tests: text("1000"), seed: text("1"), chart: text("sort.svg") } });
const whole = (name: "lengths" | "steps" | "tests" | "seed", given: string, least: number): number => {
  const value = Number(given);
  if (!Number.isInteger(value) || value < least) throw new RangeError(`sort-numbers: --${name} expected a whole number of at least ${least}, got "${given}"`);
  return value;
};
const lengths = values.lengths.split(",").map((each) => whole("lengths", each, 2));
const [steps, tests, seed] = [whole("steps", values.steps, 3), whole("tests", values.tests, 1), whole("seed", values.seed, 0)];

const bars = new MultiBar({ format: "n = {n} {bar} {value} of {total} steps  distance {loss}  {eta} s left", barsize: 24, barCompleteChar: "█", barIncompleteChar: "░", hideCursor: true, gracefulExit: false, noTTYOutput: true, notTTYSchedule: 5000 });
const results: Result[] = [];
for (const n of lengths) {
  const bar = bars.create(steps, 0, { n: String(n).padStart(3), loss: "–" });
  results.push(await train({ n, steps, key: key(seed).fold(n), tests, onStep: (step, loss) => bar.update(step, { loss: loss.toExponential(2) }) }));
  bar.stop(); // before the last step, if a window of weights sorts all lists it is tried on
}
bars.stop();
console.log(`\n${"n".padStart(4)}  lists with any error  numbers in a wrong place  steps  seconds   (${tests} new lists each)`);
for (const { n, anyWrong, wrong, seconds, losses } of results) console.log(`${String(n).padStart(4)}  ${`${(100 * anyWrong).toFixed(2)} %`.padStart(20)}  ${`${(100 * wrong).toFixed(3)} %`.padStart(24)}  ${String(losses.length).padStart(5)}  ${seconds.toFixed(1).padStart(7)}`);
writeFileSync(values.chart, chart(results));
console.log(`\nThe chart is in ${resolve(values.chart)}.`);
