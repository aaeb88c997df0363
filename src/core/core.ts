import { core as ownModule } from "../wasm/modules.ts";
import { heap, type Heap } from "./heap.ts";
import type { Kernels, Pointer } from "./kernels.ts";
import type { CompiledModule, KernelModule, ModuleName } from "./module.ts";

export type Precision = "f64" | "f32";
export type Points = Float64Array | Float32Array;
export type ArrayOf<P extends Precision> = P extends "f32" ? Float32Array : Float64Array;

/** Bytes of one number. */
export const BYTES: Readonly<Record<Precision, number>> = { f64: 8, f32: 4 };

/** One instance of the WebAssembly module, and of those beside it that were needed: their kernels in both precisions, and the owner of their memory. */
export interface Core {
  readonly kernels: Readonly<Record<Precision, Kernels>>;
  /** Adds the kernels of a module to those there are, unless they are among them. */
  need(module: KernelModule): void;
  readonly heap: Heap;
  /** A view of linear memory, good until memory grows. */
  view(precision: Precision, at: Pointer, length: number): Points;
  /**
   * Runs a callback that holds views. Memory does not grow meanwhile, so the views stay valid to its end;
   * `roomIn` sends what does not fit to a spare core.
   */
  lend<R>(callback: () => R): R;
  /** This core if it has room for `bytes` now; while it is lent and would have to grow, its spare. */
  roomFor(bytes: number): Core;
}

export interface CoreOptions {
  /** A compiled core, e.g. imported from `gradex/core.wasm`; the package's own unless given. */
  readonly module?: CompiledModule;
  /** Compiled modules beside the core by name, e.g. `{ families }` imported from `gradex/families.wasm`; the package's own unless given. */
  readonly modules?: Readonly<Partial<Record<ModuleName, CompiledModule>>>;
  /** The most memory this core may take, in bytes; at most (and unless given) 4 GiB. */
  readonly memory?: { readonly maximum: number };
}

/** Whose kernels these are. */
const owners = new WeakMap<Kernels, Core>();

let shared: Core | undefined;

/** The core that the functions of the package share. */
export function sharedCore(): Core {
  return (shared ??= instance({}));
}

export function instance({ module, modules, memory: limits }: CoreOptions): Core {
  const compiled = module ?? ownModule.load();
  const { exports } = new WebAssembly.Instance(compiled, {});
  const memory = exports["memory"] as WebAssembly.Memory;
  const space = heap(memory, (exports["heapBase"] as () => number)() >>> 0, limits?.maximum);
  const kernels = { f64: inPrecision(exports, "64"), f32: inPrecision(exports, "32") };
  const complete = "complete" in exports; // the tests' module has the kernels of all
  const loaded = new Set<string>();
  let lent = 0;
  let spare: Core | undefined;
  const core: Core = {
    kernels: kernels as unknown as Record<Precision, Kernels>,
    need({ name, load }) {
      if (complete || loaded.has(name)) return;
      const more = new WebAssembly.Instance(modules?.[name as ModuleName] ?? load(), { env: { memory } }).exports;
      Object.assign(kernels.f64, inPrecision(more, "64"));
      Object.assign(kernels.f32, inPrecision(more, "32"));
      loaded.add(name);
    },
    heap: space,
    view: (precision, at, length) =>
      precision === "f64" ? new Float64Array(space.buffer(), at, length) : new Float32Array(space.buffer(), at, length),
    lend(callback) {
      lent++;
      try {
        return callback();
      } finally {
        lent--;
      }
    },
    roomFor(bytes) {
      if (lent === 0 || space.fits(bytes)) return core;
      spare ??= instance({ module: compiled, ...(modules && { modules }), memory: { maximum: space.left() } });
      return spare.roomFor(bytes);
    },
  };
  for (const own of Object.values(core.kernels)) owners.set(own, core);
  return core;
}

/**
 * Room for the length of one call, on the core whose kernels these are: for kernels that are handed no memory of their own.
 *
 * @throws {RangeError} if the core has no room, and may not grow because views of it are lent
 */
export function borrow(kernels: Kernels, bytes: number, caller: string, use: (room: Pointer) => void): void {
  const core = owners.get(kernels)!;
  if (core.roomFor(bytes) !== core) throw new RangeError(`${caller}: needs ${bytes} bytes more than there are while f holds arrays of this core. Call it once before, outside f.`);
  const room = core.heap.allocate(bytes, caller);
  try {
    use(room);
  } finally {
    core.heap.free(room);
  }
}

/** `normalSample64` → `normalSample`; a kernel without precision stays as it is. */
function inPrecision(exports: WebAssembly.Exports, suffix: "32" | "64"): Record<string, WebAssembly.ExportValue> {
  const other = suffix === "64" ? "32" : "64";
  const named = Object.entries(exports).filter(([name]) => name !== "memory" && !name.endsWith(other));
  return Object.fromEntries(named.map(([name, kernel]) => [name.endsWith(suffix) ? name.slice(0, -2) : name, kernel]));
}
