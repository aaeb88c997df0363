import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { basename, join } from "node:path";
import { build, type PluginBuild } from "esbuild";
import { root, type Runtime } from "./runtime.ts";

const WORKER = `import * as gradex from "gradex";
import { digest } from "./digest.js";
export default { fetch: async () => new Response(await digest(gradex)) };
`;

/** workerd as Cloudflare runs it: bundled with the `workerd` condition, the core's modules beside the code, the work done inside a request. */
export const workerd = (compatibilityDate: string): Runtime => ({
  name: `workerd of ${compatibilityDate}`,
  async run(folder) {
    const name = `worker-${compatibilityDate}`;
    writeFileSync(join(folder, "worker.js"), WORKER);
    await build({ absWorkingDir: folder, entryPoints: ["worker.js"], outfile: `${name}.js`, bundle: true, format: "esm", conditions: ["workerd", "worker", "browser"], plugins: [moduleBeside], logLevel: "silent" });
    writeFileSync(join(folder, `${name}.capnp`), configuration(name, compatibilityDate, readdirSync(join(folder, INSTALLED)).filter((file) => file.endsWith(".wasm"))));
    return await serving(folder, name);
  },
});

/** What wrangler does with an import of a .wasm file: it stays an import, of a module uploaded beside the code. */
const moduleBeside = {
  name: "wasm-beside",
  setup(bundler: PluginBuild): void {
    bundler.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true }));
  },
};

const INSTALLED = "node_modules/gradex/dist/wasm";

const configuration = (name: string, compatibilityDate: string, modules: readonly string[]): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .program)],
  sockets = [(name = "http", address = "unix:${name}.sock", http = (), service = "main")],
);
const program :Workerd.Worker = (
  modules = [
    (name = "worker", esModule = embed "${name}.js"),
${modules.map((file) => `    (name = "./${file}", wasm = embed "${INSTALLED}/${file}"),`).join("\n")}
  ],
  compatibilityDate = "${compatibilityDate}",
);
`;

/** Serves on a socket in the folder, asks once, and ends the server. */
async function serving(folder: string, name: string): Promise<string> {
  const server = spawn(join(root, "node_modules/.bin/workerd"), ["serve", `${name}.capnp`], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  let ended = false;
  server.stderr.on("data", (text) => (complaint += text));
  server.once("error", (error) => ((ended = true), (complaint += `${error}. npm ci installs workerd.`)));
  server.once("exit", () => (ended = true));
  try {
    for (let wait = 10; wait < 20_000 && !ended; wait *= 1.3) {
      const answer = await asked(join(folder, `${name}.sock`));
      if (answer?.status === 200) return answer.text;
      if (answer !== undefined) throw new Error(`workerd answered ${answer.status}: ${answer.text}\n${complaint}`);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    throw new Error(`workerd did not start: ${complaint}`);
  } finally {
    server.kill();
  }
}

/** The answer, or nothing while nobody listens. */
function asked(socketPath: string): Promise<{ readonly status: number | undefined; readonly text: string } | undefined> {
  return new Promise((resolve) => {
    const question = request({ socketPath, path: "/" }, (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    question.on("error", () => resolve(undefined));
    question.end();
  });
}
