/**
 * src/ → dist/, as few files: the three entries and the library they share. Importing 72 modules took Node 24 four times the
 * processor time of importing these (28 against 6.6 ms). Types stay one file a module, as tsc writes them.
 */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

rmSync(join(root, "dist"), { recursive: true, force: true });
buildSync({
  absWorkingDir: root,
  entryPoints: ["src/index.ts", "src/index.workerd.ts", "src/index.edge-light.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "library",
  format: "esm",
  platform: "neutral",
  target: "es2022",
  external: ["*.wasm", "*.wasm?module"],
  sourcemap: true,
  sourcesContent: false,
  charset: "utf8",
  logLevel: "warning",
});
