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
  families: /^assembly\/distributions\/multivariate-normal\.ts$/,
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

function build() {
  let base = FIRST;
  for (const name of modules) {
    const file = join(root, `build/${name}.wasm`);
    const place = ["--outFile", file, "--memoryBase", String(base), ...(name === "core" ? [] : ["--importMemory"])];
    execFileSync(process.execPath, [join(root, "node_modules/assemblyscript/bin/asc.js"), `assembly/modules/${name}.ts`, "--target", "release", ...place], { cwd: root, stdio: "inherit" });
    base = Math.ceil(heapBase(file) / LINE) * LINE;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
