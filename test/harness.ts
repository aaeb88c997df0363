import { readFileSync } from "node:fs";
import { instantiateSync } from "@assemblyscript/loader";

type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;
type View<A> = { new (buffer: ArrayBuffer, offset: number, length: number): A; readonly BYTES_PER_ELEMENT: number };
/** Float32Array and Float64Array under one type. */
export interface Floats extends View<Float32Array | Float64Array> {
  from(values: ArrayLike<number>): Float32Array | Float64Array;
  from<S>(values: ArrayLike<S>, map: (value: S, index: number) => number): Float32Array | Float64Array;
}
type Exports = { memory: WebAssembly.Memory } & Record<string, (...parameters: number[]) => number>;
export type Precision = 32 | 64;

/** The built core with a bump allocator: what a test of a kernel needs and nothing of the library. */
export interface Harness {
  /** `kernel("normalSample", 64)` is the export normalSample64; without a precision, the name itself. */
  kernel(name: string, precision?: Precision): (...parameters: number[]) => number;
  /** Bytes at the next multiple of 16. Grows the memory. */
  allocate(bytes: number): number;
  /** A copy of the values in linear memory. */
  put(values: Numbers): number;
  /** A copy of what is at the address. */
  take<A extends Numbers>(type: View<A>, address: number, length: number): A;
  /** Frees everything allocated so far. */
  reset(): void;
}

export function instance(file = "build/kernels.wasm"): Harness {
  const module = new WebAssembly.Module(readFileSync(file));
  return harness(new WebAssembly.Instance(module).exports as unknown as Exports);
}

/** The same through @assemblyscript/loader: a failed assertion in a kernel then throws its message and line. */
export function debugInstance(file = "build/debug.wasm"): Harness {
  return harness(instantiateSync(readFileSync(file)).exports as unknown as Exports);
}

export const arrayOf = (precision: Precision): Floats => (precision === 32 ? Float32Array : Float64Array);

function harness(exports: Exports): Harness {
  const base = exports["heapBase"]!() >>> 0;
  let next = base;
  const allocate = (bytes: number): number => {
    const address = (next + 15) & ~15;
    next = address + bytes;
    const missing = next - exports.memory.buffer.byteLength;
    if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
    return address;
  };
  return {
    allocate,
    kernel(name, precision) {
      const found = exports[name + (precision ?? "")];
      if (found === undefined) throw new Error(`no kernel ${name}${precision ?? ""} in the core`);
      return found;
    },
    put(values) {
      const address = allocate(values.byteLength);
      new Uint8Array(exports.memory.buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address);
      return address;
    },
    take(type, address, length) {
      const bytes = exports.memory.buffer.slice(address, address + length * type.BYTES_PER_ELEMENT);
      return new type(bytes, 0, length);
    },
    reset() {
      next = base;
    },
  };
}
