import type { Pointer } from "./kernels.ts";

const PAGE = 65536;
/** Blocks start on a cache line. Every block is followed by one too: a kernel may load a whole vector past its end. */
const LINE = 64;

/** Who owns which bytes of linear memory: first fit over free blocks kept in address order and merged when they touch. */
export interface Heap {
  /** @throws {RangeError} naming what was needed and what can be had; nothing changes then */
  allocate(bytes: number, caller: string): Pointer;
  free(at: Pointer): void;
  /** Whether `bytes` can be had without growth. */
  fits(bytes: number): boolean;
  /** The buffer as it is now; another object after growth. */
  buffer(): ArrayBuffer;
  /** Bytes in use, by blocks. */
  used(): number;
  /** Bytes that its maximum leaves for others. */
  left(): number;
}

interface Free {
  at: number;
  bytes: number;
}

/** Of `WebAssembly.Memory` what is needed here. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export function heap(memory: Memory, base: number, maximum: number = 65536 * PAGE): Heap {
  const free: Free[] = [];
  const taken = new Map<Pointer, number>();
  const start = Math.ceil(base / LINE) * LINE;
  let end = memory.buffer.byteLength;
  if (end > maximum) throw new RangeError(`createCore: needs ${size(end)} of memory to begin with, at most ${size(Math.max(0, maximum))} can be had. Raise "memory.maximum".`);
  let used = 0;
  release({ at: start, bytes: end - start });

  function release(block: Free): void {
    let i = free.findIndex((other) => other.at > block.at);
    if (i < 0) i = free.length;
    const before = free[i - 1];
    if (before !== undefined && before.at + before.bytes === block.at) {
      before.bytes += block.bytes;
      block = before;
      i--;
    } else free.splice(i, 0, block);
    const after = free[i + 1];
    if (after !== undefined && block.at + block.bytes === after.at) {
      block.bytes += after.bytes;
      free.splice(i + 1, 1);
    }
  }

  const sized = (bytes: number): number => Math.ceil(Math.max(bytes, 1) / LINE) * LINE + LINE;

  function grow(bytes: number, caller: string): void {
    const last = free[free.length - 1];
    const open = last !== undefined && last.at + last.bytes === end ? last.bytes : 0;
    const missing = bytes - open;
    // Growing by an eighth at least keeps the number of growths, and so of stale views, logarithmic.
    const generous = Math.min(Math.max(missing, end / 8), maximum - end);
    for (const wanted of [generous, missing]) {
      const pages = Math.ceil(wanted / PAGE);
      if (wanted < missing || end + pages * PAGE > maximum || !grown(pages)) continue;
      release({ at: end, bytes: pages * PAGE });
      end += pages * PAGE;
      return;
    }
    throw new RangeError(`${caller}: needs ${size(bytes)} of memory, at most ${size(Math.max(0, maximum - used - start))} can be had. Ask for less at a time ("samples", "batch"), or dispose what is done.`);
  }

  function grown(pages: number): boolean {
    try {
      return memory.grow(pages) >= 0;
    } catch {
      return false;
    }
  }

  return {
    allocate(wanted, caller) {
      const bytes = sized(wanted);
      if (!free.some((block) => block.bytes >= bytes)) grow(bytes, caller);
      const i = free.findIndex((block) => block.bytes >= bytes);
      const block = free[i]!;
      const at = block.at;
      if (block.bytes === bytes) free.splice(i, 1);
      else {
        block.at += bytes;
        block.bytes -= bytes;
      }
      taken.set(at, bytes);
      used += bytes;
      return at;
    },
    free(at) {
      const bytes = taken.get(at);
      if (bytes === undefined) return;
      taken.delete(at);
      used -= bytes;
      release({ at, bytes });
    },
    fits: (wanted) => free.some((block) => block.bytes >= sized(wanted)),
    buffer: () => memory.buffer,
    used: () => used,
    left: () => maximum - end,
  };
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `5.2 GiB` */
export function size(bytes: number): string {
  let unit = 0;
  while (bytes >= 1024 && unit < UNITS.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1).replace(/\.0$/, "")} ${UNITS[unit]}`;
}
