import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { printed, root, type Runtime } from "./runtime.ts";

/** The header that a page needs whose policy allows no code from text. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

const KINDS: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };

/** A page that runs a module script of the folder under a content security policy; what the script printed, or its error. */
export async function page(folder: string, script: string, policy: string = POLICY): Promise<string> {
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://localhost").pathname;
    const file = join(folder, path);
    const known = path === "/" || existsSync(file);
    response.writeHead(known ? 200 : 404, { "content-type": KINDS[extname(path) || ".html"] ?? "application/octet-stream", "content-security-policy": policy });
    response.end(path === "/" ? `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>` : known ? readFileSync(file) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await visited(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
}

async function visited(address: string): Promise<string> {
  const browser = await launched();
  try {
    const tab = await browser.newPage();
    const said = new Promise<string>((resolve, reject) => {
      tab.on("console", (message) => message.type() === "log" && resolve(message.text()));
      tab.on("pageerror", reject);
      tab.on("response", (response) => response.status() >= 400 && reject(new Error(`The page asks for ${response.url()}, which is not there.`)));
      setTimeout(() => reject(new Error("The page printed nothing in 30 seconds.")), 30_000).unref();
    });
    await Promise.all([said, tab.goto(address)]);
    return await said;
  } finally {
    await browser.close();
  }
}

/** No sandbox, because tests may run as root; nothing is asked of the network but the page. */
const FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync", "--no-first-run", "--no-pings"];

export async function launched(): Promise<Browser> {
  const own = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  try {
    if (own !== undefined) return await chromium.launch({ executablePath: own, args: FLAGS });
    const folder = await unpacked();
    return await chromium.launch({ executablePath: join(folder, "chromium"), args: FLAGS, env: { ...process.env, LD_LIBRARY_PATH: join(folder, "al2023/lib"), FONTCONFIG_PATH: join(folder, "fonts") } });
  } catch (error) {
    throw new Error("No Chromium starts here: install one (apt-get install chromium), or use Linux on x64, where npm ci brings one.", { cause: error });
  }
}

/** The Chromium that npm installed compressed, with the libraries it needs. Unpacked aside and moved, so that two tests may do it at once. */
async function unpacked(): Promise<string> {
  const cache = join(root, "node_modules/.cache");
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8")) as { version: string };
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, "unpacking-"));
  const program = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
  // As on a server without libraries: the archive with libnss3 and its kin is unpacked too.
  await printed(process.execPath, ["--input-type=module", "-e", program], root, { TMPDIR: aside, AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" });
  try {
    renameSync(aside, folder);
  } catch {
    rmSync(aside, { recursive: true });
  }
  return folder;
}

/** The package as it lies in node_modules, without a bundler. */
export const browser: Runtime = {
  name: "Chromium",
  run(folder) {
    const main = readFileSync(join(folder, "main.js"), "utf8");
    writeFileSync(join(folder, "page.js"), main.replace('"gradex"', '"/node_modules/gradex/dist/index.js"'));
    return page(folder, "/page.js");
  },
};
