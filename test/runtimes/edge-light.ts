import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { EdgeVM } from "@edge-runtime/vm";
import { build, type PluginBuild } from "esbuild";
import type { Runtime } from "./runtime.ts";

const PROGRAM = `import * as gradex from "gradex";
import { digest } from "./digest.js";
globalThis.printed = digest(gradex);
`;

/** The sandbox of edge functions, where neither text nor bytes may become code: the core is handed in compiled. */
export const edgeLight: Runtime = {
  name: "edge-runtime",
  async run(folder) {
    const { outputFiles } = await build({
      absWorkingDir: folder,
      stdin: { contents: PROGRAM, resolveDir: folder },
      bundle: true,
      write: false,
      format: "iife",
      conditions: ["edge-light", "browser"],
      plugins: [moduleHandedIn],
      logLevel: "silent",
    });
    const built = join(folder, "node_modules/gradex/dist/wasm");
    const files = readdirSync(built).filter((file) => file.endsWith(".wasm"));
    const modules = Object.fromEntries(files.map((file) => [file, new WebAssembly.Module(readFileSync(join(built, file)))]));
    const sandbox = new EdgeVM({ codeGeneration: { strings: false, wasm: false }, extend: (context) => Object.assign(context, { modules }) });
    if (compiles(sandbox)) throw new Error("The sandbox lets bytes become code: it proves nothing.");
    sandbox.evaluate(outputFiles[0]!.text);
    return String(await sandbox.evaluate("printed"));
  },
};

const compiles = (sandbox: EdgeVM): boolean => sandbox.evaluate("try { new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)); true } catch { false }");

/** What the platform does with an import such as `core.wasm?module`. */
const moduleHandedIn = {
  name: "wasm-handed-in",
  setup(bundler: PluginBuild): void {
    bundler.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "handed-in" }));
    bundler.onLoad({ filter: /.*/, namespace: "handed-in" }, ({ path }) => ({ contents: `export default globalThis.modules[${JSON.stringify(basename(path, "?module"))}];` }));
  },
};
