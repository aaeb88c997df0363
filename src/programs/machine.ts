import type { Core, Points } from "../core/core.ts";
import { region } from "../core/region.ts";
import type { Key } from "../key.ts";
import { KEY } from "../tape/lanes.ts";
import { link } from "../tape/link.ts";
import { lower } from "../tape/lower.ts";
import type { Node } from "../tape/node.ts";
import type { Program as Lowered } from "../tape/program.ts";
import { type Shapes, sizeOf } from "../vocabulary/distribution.ts";
import { programs } from "../wasm/modules.ts";
import type { Call } from "./arguments.ts";

/** Lanes of a chunk: one of the streams' own, so that draws are the same however many lanes run. */
export const CHUNK = 1024;
const LINE = 64;
const GROUP = 16;

/** A lowered program, and what leaves it: so many numbers a lane, by name. */
export interface Compiled {
  readonly lowered: Lowered;
  readonly widths: Readonly<Record<string, number>>;
  readonly shapes: Shapes;
}

/** Parameters of a program and, behind them, the direction of a derivative. */
export const SEED = "direction of the derivative";

export function compiled(results: Readonly<Record<string, Node>>, shapes: Shapes): Compiled {
  const leaving = Object.entries(results).map(([external, node]) => ({ node, external, offset: 0 }));
  const lowered = lower(leaving, { params: shapes, shared: new Set(), period: () => 0 });
  return { lowered, shapes, widths: Object.fromEntries(Object.entries(results).map(([name, { width }]) => [name, width])) };
}

/** A program in memory, on as many lanes as fit a block. */
export interface Machine {
  /** Runs lanes `first` … `first + lanes − 1`; `first` is a multiple of 1,024. The views hold the results until it runs again. */
  run(first: number, lanes: number): Readonly<Record<string, Points>>;
  /** Takes what a result of width 1 holds into its moments; `first` lanes are in already. */
  collect(name: string, first: number, lanes: number): void;
  moments(name: string): { readonly mean: number; readonly squares: number };
  /** Other numbers for the parameters. */
  set(packed: ArrayLike<number>): void;
}

/** Calls `use` with the program in memory, and frees it. */
export function withMachine<R>(core: Core, call: Call, { lowered, shapes, widths }: Compiled, key: Key, lanes: number, seed: readonly number[], use: (machine: Machine) => R): R {
  const block = region(core, call.precision);
  const params = block.reserve(sizeOf(shapes));
  const [linked] = link([lowered], { region: block, params, context: {} }, lanes, wholeChunks, "tracedRun");
  block.need([programs]);
  const fields = Object.fromEntries(Object.entries(widths).map(([name, width]) => [name, block.reserve(lanes * width)]));
  const sums = Object.fromEntries(Object.keys(widths).map((name) => [name, { mean: block.reserve(1), squares: block.reserve(1) }]));
  const words = block.reserve(3, "f32");
  block.allocate(call.caller);
  try {
    params.view().set(call.packed);
    params.view().set(seed, call.packed.length);
    return use({
      collect: (name, first, count) => block.core.kernels[call.precision].statisticsAccumulate(count, 1, first, fields[name]!.at, sums[name]!.mean.at, sums[name]!.squares.at),
      moments: (name) => ({ mean: sums[name]!.mean.view()[0]!, squares: sums[name]!.squares.view()[0]! }),
      set: (packed) => params.view().set(packed as Float64Array),
      run(first, count) {
        new Uint32Array(block.core.heap.buffer(), words.at, words.length).set([key.low, key.high, first / CHUNK]);
        linked!.run(count, { [KEY]: words.at, ...Object.fromEntries(Object.entries(fields).map(([name, { at }]) => [name, at])) });
        return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.view().subarray(0, count * widths[name]!)]));
      },
    });
  } finally {
    block.free();
  }
}

/** Chunks of a program with draws: the streams' own, whatever fits in the cache. */
export function wholeChunks(_rows: number, bytes: number, most: number): { lanes: number; stride: number } {
  const lanes = Math.min(CHUNK, Math.ceil(Math.max(1, most) / GROUP) * GROUP);
  const lines = (lanes * bytes) / LINE;
  return { lanes, stride: (lines % 2 === 0 ? lines + 1 : lines) * LINE };
}
