import { existsSync } from "node:fs";
import { join } from "node:path";
import { printed, root, type Runtime } from "./runtime.ts";

/** A runtime that is one program, installed by npm. */
function installed(name: string, binary: string, ...parameters: string[]): Runtime {
  const path = join(root, binary);
  return {
    name,
    run(folder) {
      if (!existsSync(path)) throw new Error(`${name} is not installed: npm ci puts it at ${binary} (its install script must be allowed to run: "allowScripts" in package.json).`);
      return printed(path, parameters, folder);
    },
  };
}

export const OLDEST_NODE = "test/runtimes/oldest/node_modules/node/bin/node";
export const NODE = "node_modules/node/bin/node";

export const processes: readonly Runtime[] = [
  installed("Node 20.19, the oldest", OLDEST_NODE, "main.js"),
  installed("Node 20.19, by require", OLDEST_NODE, "main.cjs"),
  installed("Node 24", NODE, "main.js"),
  installed("Node 24, by require", NODE, "main.cjs"),
  // No permission is given, and nothing is fetched.
  installed("Deno", "node_modules/.bin/deno", "run", "--no-prompt", "--no-remote", "main.js"),
  installed("Bun", "node_modules/.bin/bun", "run", "main.js"),
];
