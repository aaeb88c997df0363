/** `node examples/stochastic-triples/main.ts [folder] [samples]`: writes the figures, into `figures/` beside it unless told. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { key, program, stochasticTriple } from "gradex";
import { continuousChange, continuousValues, discreteChange, discreteValues, varianceChart } from "./charts.ts";
import { continuous } from "./continuous.ts";
import { discrete } from "./discrete.ts";
import { deviations } from "./variance.ts";

const [folder = fileURLToPath(new URL("figures/", import.meta.url)), samples = "100000"] = process.argv.slice(2);
const P = 0.5;
const EPSILON = 0.1;

const walk = program<"p">(({ p }, draw) => {
  let n = draw.constant(0);
  for (let i = 1; i <= 100; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / 200).add(1))));
  return n;
});
console.log(`A walk of a hundred steps, at p = ${P}: ${String(stochasticTriple(walk, { p: P }, key(1)))}`);

const changes = continuous(P, EPSILON, 400);
const steps = discrete(P, EPSILON);
const figures: Readonly<Record<string, string>> = {
  "continuous-values": continuousValues(changes, EPSILON),
  "continuous-change": continuousChange(changes),
  "discrete-values": discreteValues(steps, EPSILON),
  "discrete-change": discreteChange(steps, EPSILON),
  variance: varianceChart(deviations(Number(samples))),
};
mkdirSync(folder, { recursive: true });
for (const [name, svg] of Object.entries(figures)) writeFileSync(join(folder, `${name}.svg`), `${svg}\n`);
console.log(`${Object.keys(figures).length} figures in ${folder}`);
