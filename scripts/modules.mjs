/**
 * The modules that the package ships: the core, and beside it kernels that not every program needs. A program loads a module when it
 * first uses one of its kernels, and a bundle leaves out those that it cannot use.
 *
 * All work on one memory. Their static tables lie one after the other, the core's last: what its `heapBase` says is free for all.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Which files of kernels are not in the core. */
const beside = {
  families:
    /^assembly\/distributions\/(multivariate-normal(-exact)?|laplace|cauchy|log-location-scale|log-normal|weibull|half-normal|truncated-normal(-\w+)?|kumaraswamy(-exact)?|mixture|cumulative)\.ts$/,
  implicit: /^assembly\/distributions\/(gamma|beta|dirichlet|student-t|von-mises)(-exact|-path|-weak)?\.ts$/,
  counts: /^assembly\/distributions\/(poisson|binomial|geometric|negative-binomial|multinomial|counts|plackett-luce|rankings)\.ts$/,
  relaxations: /^assembly\/(distributions\/((conditional-)?(binary-)?concrete|means|relaxed-(bernoulli|one-hot-categorical))|estimators\/controls)\.ts$/,
  estimators:
    /^assembly\/(noise\/.*|estimators\/(arms|vimco|ranked-support|sum-and-sample|unordered-set|measure-valued|perturbation|rao-blackwell|taylor)|distributions\/(quantiles|expansions|(bernoulli|categorical|exponential|normal)-weak)|baselines\/per-coordinate)\.ts$/,
  programs: /^assembly\/tape\/traced\.ts$/,
  transport: /^assembly\/transport\/.*\.ts$/,
};

export const modules = [...Object.keys(beside), "core"];
export const moduleOf = (file) => Object.keys(beside).find((name) => beside[name].test(file)) ?? "core";

const FIRST = 1024; // no address is 0
const LINE = 1024;

function heapBase(file) {
  const module = new WebAssembly.Module(readFileSync(file));
  const memory = new WebAssembly.Memory({ initial: 1024 });
  return new WebAssembly.Instance(module, { env: { memory } }).exports.heapBase();
}

/** Nobody writes where a module's tables will be before it is there, so what they hold of zeros need not be shipped. */
function build() {
  let base = FIRST;
  for (const name of modules) {
    const file = join(root, `build/${name}.wasm`);
    const place = ["--outFile", file, "--memoryBase", String(base), ...(name === "core" ? [] : ["--importMemory", "--zeroFilledMemory"])];
    execFileSync(process.execPath, [join(root, "node_modules/assemblyscript/bin/asc.js"), `assembly/modules/${name}.ts`, "--target", "release", ...place], { cwd: root, stdio: "inherit" });
    base = Math.ceil(heapBase(file) / LINE) * LINE;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
