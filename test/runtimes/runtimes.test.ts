import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundlers } from "./bundlers.ts";
import { browser, page } from "./chromium.ts";
import { consumer, discard, pack, type Packed } from "./consumer.ts";
import { edgeLight } from "./edge-light.ts";
import { NODE, processes } from "./processes.ts";
import { printed, root } from "./runtime.ts";
import { workerd } from "./workerd.ts";

const runtimes = [...processes, workerd("2024-09-23"), workerd("2026-11-01"), edgeLight, browser, ...bundlers];

let packed: Packed;
let folder: string;
let digest: string;

beforeAll(async () => {
  packed = await pack();
  folder = await consumer(packed);
  digest = await printed(join(root, NODE), ["main.js"], folder);
}, 120_000);

afterAll(() => discard(packed));

// Where this fails, the numbers that users get have changed: `npx vitest run test/runtimes -u` records the new ones, and the changelog says "value-breaking".
test("a key yields what it yielded before", async () => {
  await expect(`${digest}\n`).toMatchFileSnapshot("digest.txt");
});

test.each(runtimes)("the same keys give the same bits in $name", async ({ run }) => {
  expect(await run(folder)).toBe(digest);
});

test("a page whose policy forbids WebAssembly learns what allows it", async () => {
  await expect(page(folder, "/page.js", "script-src 'self'")).rejects.toThrow("'wasm-unsafe-eval' in the script-src of its Content-Security-Policy");
});
