/**
 * `node examples/gradient-flow/main.ts [--from shape] [--to shape] [--points n] [--steps n] [--regularization ε] [--seed n] [--picture file]`: points flow from one
 * shape to another down the slope of the Sinkhorn divergence. The package must be built: `npm run build`.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { key } from "gradex";
import { flow, type Frame } from "./flow.ts";
import { picture } from "./picture.ts";
import { shapes } from "./shapes.ts";

const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
const { values } = parseArgs({ options: { from: text("disc"), to: text("nabla"), points: text("400"), steps: text("40"), regularization: text("0.005"), seed: text("1"), picture: text("flow.svg") } });
const number = (name: "points" | "steps" | "regularization" | "seed", expected: string, admits: (x: number) => boolean): number => {
  const value = Number(values[name]);
  if (!admits(value)) throw new RangeError(`gradient-flow: --${name} expected ${expected}, got "${values[name]}"`);
  return value;
};
const shape = (name: "from" | "to") => {
  const found = shapes[values[name]];
  if (found === undefined) throw new RangeError(`gradient-flow: --${name} expected one of ${Object.keys(shapes).join(", ")}, got "${values[name]}"`);
  return found;
};
const points = number("points", "a whole number from 8 to 5000", (x) => Number.isInteger(x) && x >= 8 && x <= 5000);
const steps = number("steps", "a whole number of at least 4", (x) => Number.isInteger(x) && x >= 4);
const regularization = number("regularization", "a number > 0", (x) => x > 0);
const from = key(number("seed", "a whole number", (x) => Number.isInteger(x) && x >= 0));
const target = shape("to")(points, from.fold("to"));

const bar = new SingleBar({ format: "{bar} {value} of {total} steps  divergence {divergence}  {eta} s left", barsize: 24, barCompleteChar: "█", barIncompleteChar: "░", hideCursor: true, gracefulExit: false, noTTYOutput: true, notTTYSchedule: 5000 });
bar.start(steps, 0, { divergence: "–" });
const shown = new Set([0, 0.1, 0.25, 0.5, 1].map((share) => Math.round(share * steps)));
const frames: Frame[] = [];
for (const frame of flow({ from: shape("from")(points, from.fold("from")), to: target, regularization, steps })) {
  bar.update(frame.step, { divergence: frame.divergence.toExponential(2) });
  if (shown.has(frame.step)) frames.push(frame);
}
bar.stop();
writeFileSync(values.picture, picture(frames, target));
console.log(`\nThe divergence fell from ${frames[0]!.divergence.toFixed(4)} to ${frames.at(-1)!.divergence.toExponential(2)}. The picture is in ${resolve(values.picture)}.`);
