import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface Server {
  readonly address: string;
  stop(): Promise<void>;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** Code comes from this server alone; no code from text but WebAssembly. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:";

/** The page with its program in one file. Port 0 takes any that is free. */
export async function serve(port: number): Promise<Server> {
  const { outputFiles } = await build({ entryPoints: [here("page.ts")], bundle: true, format: "esm", minify: true, write: false, logLevel: "silent" });
  const files: Readonly<Record<string, readonly [kind: string, content: string | Uint8Array]>> = {
    "/": ["text/html; charset=utf-8", readFileSync(here("page.html"))],
    "/page.css": ["text/css", readFileSync(here("page.css"))],
    "/page.js": ["text/javascript", outputFiles[0]!.contents],
  };
  const server = createServer(({ url = "/" }, response) => {
    const file = files[url];
    response.writeHead(file === undefined ? 404 : 200, { "content-type": file?.[0] ?? "text/plain", "content-security-policy": POLICY });
    response.end(file?.[1]);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
