import { describe, expect, it } from "vitest";
import { instance } from "../src/core/core.ts";
import { heap, size } from "../src/core/heap.ts";
import { region } from "../src/core/region.ts";
import "../src/index.ts";

const pages = (initial: number): WebAssembly.Memory => new WebAssembly.Memory({ initial });

describe("the heap", () => {
  it("gives blocks that do not overlap and are aligned to cache lines", () => {
    const space = heap(pages(1), 100);
    const blocks = [1, 64, 65, 1000, 7].map((bytes) => ({ at: space.allocate(bytes, "test"), bytes }));
    blocks.forEach(({ at }) => expect(at % 64).toBe(0));
    const sorted = [...blocks].sort((a, b) => a.at - b.at);
    sorted.slice(1).forEach(({ at }, i) => expect(at).toBeGreaterThanOrEqual(sorted[i]!.at + sorted[i]!.bytes + 64));
  });

  it("is as good as new after blocks are freed in any order", () => {
    const space = heap(pages(1), 0);
    const whole = 65536 - 64;
    const blocks = Array.from({ length: 50 }, (_, i) => space.allocate(100 + i, "test"));
    [...blocks].sort((a, b) => Math.sin(a) - Math.sin(b)).forEach((at) => space.free(at));
    expect(space.used()).toBe(0);
    expect(space.fits(whole)).toBe(true);
  });

  it("does not grow over 100,000 rounds of taking and freeing blocks of changing sizes", () => {
    const memory = pages(2);
    const space = heap(memory, 1000);
    let kept = space.allocate(500, "test");
    for (let round = 0; round < 100_000; round++) {
      const at = space.allocate(1000 + ((round * 7919) % 9000), "test");
      space.free(kept);
      kept = at;
    }
    expect(memory.buffer.byteLength).toBe(2 * 65536);
  });

  it("ignores a block that is freed twice", () => {
    const space = heap(pages(1), 0);
    const at = space.allocate(10, "test");
    space.free(at);
    space.free(at);
    expect(space.used()).toBe(0);
  });

  it("says what was needed and what can be had, and stays usable", () => {
    const space = heap(pages(1), 0, 4 * 65536);
    space.allocate(100_000, "test");
    expect(() => space.allocate(300_000, "gradient")).toThrow(
      new RangeError('gradient: needs 293.1 KiB of memory, at most 158.3 KiB can be had. Ask for less at a time ("samples", "batch"), or dispose what is done.'),
    );
    expect(space.allocate(100_000, "test")).toBeGreaterThan(0);
  });

  it("prints sizes for people", () => {
    expect([size(0), size(1023), size(1536), size(5.2 * 2 ** 30)]).toEqual(["0 bytes", "1023 bytes", "1.5 KiB", "5.2 GiB"]);
  });
});

describe("a region", () => {
  it("keeps its values and renews its views when memory grows", () => {
    const core = instance({});
    const block = region(core, "f64");
    const field = block.reserve(5);
    block.allocate("test");
    field.view().set([1, 2, 3, 4, 5]);
    const before = field.view();
    const large = region(core, "f64");
    large.reserve(1_000_000);
    large.allocate("test");
    expect(before.length).toBe(0); // detached
    expect([...field.view()]).toEqual([1, 2, 3, 4, 5]);
  });

  it("goes to a spare core while views are lent and memory would have to grow", () => {
    const core = instance({});
    const block = region(core, "f32");
    const field = block.reserve(5);
    block.allocate("test");
    const view = field.view().fill(7);
    const other = core.lend(() => {
      const large = region(core, "f64");
      large.reserve(1_000_000);
      large.allocate("test");
      return large.core;
    });
    expect(other).not.toBe(core);
    expect([...view]).toEqual([7, 7, 7, 7, 7]);
  });

  it("stays on its core while views are lent if there is room", () => {
    const core = instance({});
    const small = region(core, "f64");
    small.reserve(10);
    core.lend(() => small.allocate("test"));
    expect(small.core).toBe(core);
  });
});
