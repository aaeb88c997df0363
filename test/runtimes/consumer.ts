import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { printed, root } from "./runtime.ts";

/** The package as npm would publish it. */
export interface Packed {
  readonly tarball: string;
  /** Paths inside the package, with their sizes. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** Bytes of the tarball, and of what it unpacks to. */
  readonly size: number;
  readonly unpackedSize: number;
}

/** `npm pack` of what is built. */
export async function pack(): Promise<Packed> {
  const into = mkdtempSync(join(tmpdir(), "gradex-pack-"));
  const report = await printed("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", into], root);
  const listed = JSON.parse(report) as readonly Packed[] | Readonly<Record<string, Packed>>;
  const [{ filename, files, size, unpackedSize }] = Object.values(listed) as [Packed & { filename: string }];
  if (!files.some(({ path }) => path === "dist/index.js")) throw new Error("The package is not built: npm run build.");
  return { tarball: join(into, filename), files, size, unpackedSize };
}

const MAIN = `import * as gradex from "gradex";
import { digest } from "./digest.js";
console.log(await digest(gradex));
`;

/** An empty folder with the package installed in it, and the program that prints the digest: with import, and with require. */
export async function consumer({ tarball }: Packed): Promise<string> {
  const folder = join(dirname(tarball), "consumer");
  const installed = join(folder, "node_modules/gradex");
  mkdirSync(installed, { recursive: true });
  await printed("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module", dependencies: { gradex: "*" } }));
  // `using` is newer than the oldest runtimes.
  buildSync({ entryPoints: [join(root, "test/runtimes/digest.ts")], outfile: join(folder, "digest.js"), bundle: true, format: "esm", target: "es2023", logLevel: "warning" });
  writeFileSync(join(folder, "main.js"), MAIN);
  writeFileSync(join(folder, "main.cjs"), 'require("./digest.js").digest(require("gradex")).then(console.log);\n');
  return folder;
}

/** Forgets the package and the folders of its users. */
export function discard({ tarball }: Packed): void {
  rmSync(dirname(tarball), { recursive: true });
}
