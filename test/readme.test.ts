import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumer, discard, pack, type Packed } from "./runtimes/consumer.ts";
import { NODE } from "./runtimes/processes.ts";
import { printed, root } from "./runtimes/runtime.ts";

/**
 * A block of code in a page for users. Its fence says what holds for it: `ts` and `js` are checked and run, each on its own;
 * `ts continued` goes on where the block before it ended; `ts types` is checked only, because it runs elsewhere.
 */
interface Block {
  readonly title: string;
  readonly code: string;
  readonly runs: boolean;
}

function blocks(page: string): readonly Block[] {
  const found: Block[] = [];
  const markdown = readFileSync(join(root, page), "utf8");
  for (const { 1: language, 2: word = "", 3: code = "", index } of markdown.matchAll(/^```(ts|js)(?: (continued|types))?\n([\s\S]*?)^```$/gm)) {
    const line = markdown.slice(0, index).split("\n").length;
    const before = word === "continued" ? found.at(-1) : undefined;
    if (word === "continued" && before === undefined) throw new Error(`${page}:${line} continues nothing`);
    if (before !== undefined) found.pop();
    found.push({ title: before?.title ?? `${page}:${line} (${language})`, code: (before?.code ?? "") + code, runs: word !== "types" });
  }
  return found;
}

let packed: Packed;
let folder: string;

beforeAll(async () => {
  packed = await pack();
  folder = await consumer(packed);
}, 120_000);

afterAll(() => discard(packed));

describe("the code of the README and the docs", () => {
  const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root }).toSorted()];
  const found = pages.flatMap(blocks).map((block, i) => ({ ...block, file: `block-${i}` }));
  const options = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, target: "es2022", lib: ["es2023", "esnext.disposable", "dom"], module: "nodenext", types: [], noEmit: true };

  test("is accepted by the compiler", async () => {
    for (const { file, code } of found) writeFileSync(join(folder, `${file}.ts`), `${code}\nexport {};\n`);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: found.map(({ file }) => `${file}.ts`) }));
    expect(await printed(join(root, NODE), [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json", "--pretty", "false"], folder)).toBe("");
  });

  test.each(found.filter(({ runs }) => runs))("runs: $title", async ({ file, code }) => {
    writeFileSync(join(folder, `${file}.mjs`), transformSync(code, { loader: "ts", target: "es2022" }).code);
    await printed(join(root, NODE), [`${file}.mjs`], folder);
  });
});
