import { BYTES, type Core, type Points, type Precision } from "./core.ts";
import type { Heap } from "./heap.ts";
import type { Pointer } from "./kernels.ts";
import type { KernelModule } from "./module.ts";

const LINE = 64;

/** An array in linear memory. Keep it, not its view: the view is made anew when memory has grown. */
export interface Field {
  /** Its address; 0 before the region is allocated. */
  readonly at: Pointer;
  readonly length: number;
  view(): Points;
}

/** One owner's block of linear memory, laid out field by field before a single allocation. */
export interface Region {
  readonly core: Core;
  readonly precision: Precision;
  /** Bytes of one number. */
  readonly bytes: number;
  reserve(length: number, precision?: Precision): Field;
  /** Whoever works here calls kernels of these modules: they will be there once the region is allocated. */
  need(modules: readonly KernelModule[] | undefined): void;
  /** Takes all reserved fields as one zeroed block, on the core that has room. Called once. */
  allocate(caller: string): void;
  free(): void;
  /** Bytes reserved. */
  readonly size: number;
}

// A net, not a plan: it never runs in a program that does not return to its event loop.
// What it holds must not reach the region itself, or nothing would ever be forgotten.
// workerd has it for compatibility dates since May 2025 only: there is no net before.
const forgotten =
  typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry<{ heap: Heap; at: Pointer }>(({ heap, at }) => heap.free(at));

export function region(core: Core, precision: Precision): Region {
  const fields: { offset: number }[] = [];
  const needed = new Set<KernelModule>();
  let total = 0;
  let base = 0;
  let owner = core;

  const block: Region = {
    get core() {
      return owner;
    },
    precision,
    bytes: BYTES[precision],
    reserve(length, kind = precision) {
      const placed = { offset: total };
      fields.push(placed);
      // Each field starts on a cache line and is followed by at least 64 bytes, so a kernel may load past its end.
      total += (Math.ceil((length * BYTES[kind]) / LINE) + 1) * LINE;
      return field(() => owner, kind, length, () => (base === 0 ? 0 : base + placed.offset));
    },
    need: (modules = []) => modules.forEach((module) => needed.add(module)),
    allocate(caller) {
      owner = core.roomFor(total);
      for (const module of needed) owner.need(module);
      const { heap } = owner;
      const at = heap.allocate(total, caller);
      base = at;
      new Uint8Array(heap.buffer(), at, total).fill(0);
      forgotten?.register(block, { heap, at }, block);
    },
    get size() {
      return total;
    },
    free() {
      forgotten?.unregister(block);
      if (base !== 0) owner.heap.free(base);
      base = 0;
    },
  };
  return block;
}

function field(core: () => Core, precision: Precision, length: number, address: () => Pointer): Field {
  let cached: Points | undefined;
  return {
    get at() {
      return address();
    },
    length,
    view() {
      if (cached === undefined || cached.buffer !== core().heap.buffer()) cached = core().view(precision, address(), length);
      return cached;
    },
  };
}
