/**
 * From nothing to the first estimate: a fresh process imports the package and estimates once. Medians of 11, in milliseconds.
 * `node bench/cold-start.mjs`, after `npm run build`.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const RUNS = 11;
const root = fileURLToPath(new URL("..", import.meta.url));
const program = `
const start = performance.now();
const { batched, bernoulli, disarm, expectation, gradient, key } = await import("${new URL("../dist/index.js", import.meta.url)}");
const imported = performance.now();
const f = batched((x, value) => { for (let i = 0; i < value.length; i++) value[i] = (x[i] - 0.45) ** 2; });
const grad = gradient(expectation(bernoulli(1), f), disarm(), { samples: 64 });
grad.estimate({ logits: Float64Array.of(0.3) }, key(1));
console.log(imported - start, performance.now() - imported);
`;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const node of ["test/runtimes/oldest/node_modules/node/bin/node", "node_modules/node/bin/node"]) {
  const runs = Array.from({ length: RUNS }, () => execFileSync(`${root}/${node}`, ["--input-type=module", "-e", program], { encoding: "utf8" }).split(" ").map(Number));
  const [imported, first] = [0, 1].map((part) => median(runs.map((run) => run[part])));
  const version = execFileSync(`${root}/${node}`, ["--version"], { encoding: "utf8" }).trim();
  console.log(`${version}: import ${imported.toFixed(1)} ms, first estimate ${first.toFixed(1)} ms, together ${median(runs.map(([a, b]) => a + b)).toFixed(1)} ms`);
}
