import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type PluginBuild } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wasm = join(root, "dist/wasm");

/** The Worker at work on this machine. */
export interface Server {
  post(path: string, body: unknown): Promise<unknown>;
  /** Seconds of processor time that the runtime has used so far; NaN where the system does not tell. */
  processorSeconds(): number;
  stop(): Promise<void>;
}

/** What wrangler does: the code as one file for the `workerd` condition, the modules of the core beside it. */
async function bundle(folder: string): Promise<readonly string[]> {
  const beside = {
    name: "wasm-beside",
    setup(bundler: PluginBuild): void {
      bundler.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true, sideEffects: false }));
    },
  };
  await build({ entryPoints: [fileURLToPath(new URL("worker.ts", import.meta.url))], outfile: join(folder, "worker.js"), bundle: true, format: "esm", conditions: ["workerd"], plugins: [beside], logLevel: "silent" });
  const code = readFileSync(join(folder, "worker.js"), "utf8");
  return readdirSync(wasm).filter((file) => file.endsWith(".wasm") && code.includes(`./${file}`));
}

const configuration = (modules: readonly string[]): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .program), (name = "disk", disk = (path = "storage", writable = true))],
  sockets = [(name = "http", address = "unix:bandit.sock", http = (), service = "main")],
);
const program :Workerd.Worker = (
  modules = [
    (name = "worker", esModule = embed "worker.js"),
${modules.map((file) => `    (name = "./${file}", wasm = embed "${file}"),`).join("\n")}
  ],
  compatibilityDate = "2026-11-01",
  bindings = [(name = "BANDIT", durableObjectNamespace = "Bandit")],
  durableObjectNamespaces = [(className = "Bandit", uniqueKey = "bandit")],
  durableObjectStorage = (localDisk = "disk"),
);
`;

/** Starts workerd in a folder; what its objects store stays there. */
export async function serve(folder: string): Promise<Server> {
  mkdirSync(join(folder, "storage"), { recursive: true });
  const modules = await bundle(folder);
  for (const file of modules) writeFileSync(join(folder, file), readFileSync(join(wasm, file)));
  writeFileSync(join(folder, "bandit.capnp"), configuration(modules));
  rmSync(join(folder, "bandit.sock"), { force: true }); // of a run before
  const server = spawn(join(root, "node_modules/.bin/workerd"), ["serve", "bandit.capnp"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  let complaint = "";
  server.stderr.on("data", (text) => (complaint += text));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (path: string, body: unknown): Promise<unknown> => ask(agent, join(folder, "bandit.sock"), path, body);
  for (let wait = 5; ; wait *= 1.5) {
    if (server.exitCode !== null || wait > 20_000) throw new Error(`workerd did not start: ${complaint}`);
    if (await post("/checkpoint", {}).then(() => true, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return {
    post,
    processorSeconds: () => processorSeconds(server.pid!),
    stop: async () => {
      agent.destroy();
      server.kill();
      await ended;
    },
  };
}

function ask(agent: Agent, socketPath: string, path: string, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const question = request({ socketPath, path, method: "POST", agent }, (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => (response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`workerd answered ${response.statusCode}: ${text}`))));
    });
    question.on("error", reject);
    question.end(JSON.stringify(body));
  });
}

/** User and system time of a process and its children: Linux keeps them, in hundredths of a second. */
function processorSeconds(pid: number): number {
  try {
    // The command may be a launcher; its child is the runtime.
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
    return [pid, ...children].reduce((sum, each) => {
      const fields = readFileSync(`/proc/${each}/stat`, "utf8").split(") ")[1]!.split(" ");
      return sum + (Number(fields[11]) + Number(fields[12])) / 100;
    }, 0);
  } catch {
    return Number.NaN;
  }
}

