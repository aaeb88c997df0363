import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { badnessOf, frameOf, neighbours } from "../../examples/jigsaw/badness.ts";
import { scene } from "../../examples/jigsaw/image.ts";
import { serve, type Server } from "../../examples/jigsaw/serve.ts";
import { solve } from "../../examples/jigsaw/solve.ts";
import { tilesOf } from "../../examples/jigsaw/tiles.ts";
import { key } from "../../src/index.ts";
import { launched } from "../runtimes/chromium.ts";

describe("the jigsaw", () => {
  const pile = [5, 0, 7, 2, 8, 1, 3, 6, 4];
  const tiles = tilesOf(scene(90), 3, pile);

  it("tells right orders from wrong ones by their edges alone", () => {
    expect(neighbours(3)).toHaveLength(12);
    const right = Array.from(pile, (_, place) => pile.indexOf(place));
    const frame = frameOf(tiles);
    const swapped = [right[1]!, right[0]!, ...right.slice(2)];
    expect(badnessOf(tiles, frame, right)).toBeLessThan(0.3);
    expect(badnessOf(tiles, frame, swapped)).toBeGreaterThan(2 * badnessOf(tiles, frame, right));
  });

  it("is put together", () => {
    for (const seed of [1, 2]) {
      const last = [...solve(tiles, 150, key(seed))].at(-1)!;
      expect(last.order.map((tile) => pile[tile])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });
});

describe("its page in Chromium", () => {
  let server: Server;
  beforeAll(async () => void (server = await serve(0)));
  afterAll(() => server.stop());

  it("puts the picture together, and does so again after a new shuffle", async () => {
    const browser = await launched();
    try {
      const tab = await browser.newPage({ viewport: { width: 800, height: 640 } });
      const failures: string[] = [];
      tab.on("pageerror", (error) => failures.push(error.message));
      tab.on("console", (message) => message.type() === "error" && failures.push(message.text()));
      await tab.goto(server.address);
      const done = (): Promise<unknown> => tab.waitForSelector('body[data-state="done"]', { timeout: 45_000 });
      const [pile, table] = ["#pile", "#table"].map((id) => (): Promise<string> => tab.$eval(id, (canvas) => (canvas as HTMLCanvasElement).toDataURL())) as [() => Promise<string>, () => Promise<string>];
      await done();
      expect(await tab.textContent("#said")).toContain("16 of 16 tiles are right");
      const [first, solved] = [await pile(), await table()];
      expect(first).not.toBe(solved);
      const shot = await tab.screenshot();
      expect(shot.byteLength).toBeGreaterThan(20_000);
      await tab.click("#again");
      await tab.waitForSelector('body[data-state="searching"]');
      await done();
      expect(await pile()).not.toBe(first);
      expect(await table()).toBe(solved);
      expect(failures).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 120_000);
});
