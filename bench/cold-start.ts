/** From nothing to the first estimate: a fresh process imports the built package and estimates once. `node bench/cold-start.ts` after `npm run build`. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { quartiles } from "./quartiles.ts";

const RUNS = 11;
const program = `
const start = performance.now();
const { batched, bernoulli, disarm, expectation, gradient, key } = await import("${new URL("../dist/index.js", import.meta.url)}");
const imported = performance.now();
const f = batched((x, value) => { for (let i = 0; i < value.length; i++) value[i] = (x[i] - 0.45) ** 2; });
const grad = gradient(expectation(bernoulli(1), f), disarm(), { samples: 64 });
grad.estimate({ logits: Float64Array.of(0.3) }, key(1));
console.log(imported - start, performance.now() - imported);
`;

/** Milliseconds by the wall, medians over the runs; on a busy machine the best run says more. */
export interface ColdStart {
  readonly node: string;
  readonly imported: number;
  readonly firstEstimate: number;
  readonly together: number;
  readonly best: number;
}

const versions = ["node_modules/node/bin/node", "test/runtimes/oldest/node_modules/node/bin/node"]
  .map((path) => fileURLToPath(new URL(`../${path}`, import.meta.url)))
  .filter((path) => existsSync(path));

/** On the newest and on the oldest Node that the package is tested with. */
export function coldStarts(): ColdStart[] {
  return versions.map((node) => {
    const runs = Array.from({ length: RUNS }, () => execFileSync(node, ["--input-type=module", "-e", program], { encoding: "utf8" }).split(" ").map(Number));
    const median = (of: (run: number[]) => number): number => quartiles(runs.map(of))[1];
    return {
      node: execFileSync(node, ["--version"], { encoding: "utf8" }).trim(),
      imported: median((run) => run[0]!),
      firstEstimate: median((run) => run[1]!),
      together: median((run) => run[0]! + run[1]!),
      best: Math.min(...runs.map((run) => run[0]! + run[1]!)),
    };
  });
}

export const sentence = ({ node, imported, firstEstimate, together, best }: ColdStart): string =>
  `cold start, Node ${node.slice(1)}: import ${imported.toFixed(1)} ms, first estimate ${firstEstimate.toFixed(1)} ms, together ${together.toFixed(1)} ms, at best ${best.toFixed(1)} ms`;

if (import.meta.main) for (const start of coldStarts()) console.log(sentence(start));
