import { join } from "node:path";
import { readdirSync, writeFileSync } from "node:fs";
import { page } from "./chromium.ts";
import { NODE } from "./processes.ts";
import { printed, root, type Runtime } from "./runtime.ts";

const esbuild = (folder: string, platform: "browser" | "node"): Promise<string> =>
  printed(join(root, "node_modules/.bin/esbuild"), ["main.js", "--bundle", "--format=esm", `--platform=${platform}`, `--outfile=bundled/${platform}.mjs`, "--log-level=warning"], folder);

/** Bundlers as they come: a command, no configuration. */
export const bundlers: readonly Runtime[] = [
  {
    name: "esbuild, in Node",
    async run(folder) {
      await esbuild(folder, "node");
      return await printed(join(root, NODE), ["bundled/node.mjs"], folder);
    },
  },
  {
    name: "esbuild, in Chromium",
    async run(folder) {
      await esbuild(folder, "browser");
      return await page(folder, "/bundled/browser.mjs");
    },
  },
  {
    name: "vite, in Chromium",
    async run(folder) {
      writeFileSync(join(folder, "index.html"), '<!doctype html><script type="module" src="/main.js"></script>');
      await printed(join(root, NODE), [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], folder);
      return await page(folder, `/dist/assets/${readdirSync(join(folder, "dist/assets"))[0]}`);
    },
  },
];
