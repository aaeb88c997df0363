import { decodeBase64 } from "./base64.ts";
import type { KernelModule } from "./module.ts";

/**
 * The module of these bytes.
 *
 * @throws {WebAssembly.CompileError} where bytes may not become code; the sentence says what allows it
 */
export function compile(bytes: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new WebAssembly.CompileError(
      `gradex: this place lets no bytes become code. A page needs 'wasm-unsafe-eval' in the script-src of its Content-Security-Policy; ` +
        `a worker needs a bundler that knows the export condition "workerd" or "edge-light", or createCore({ module }) with gradex/core.wasm. (${String(cause)})`,
    );
  }
}

/** A module that is kept as base64 text until its first use. */
export function inlined(name: string, base64: string): KernelModule {
  let compiled: WebAssembly.Module | undefined;
  return { name, load: () => (compiled ??= compile(decodeBase64(base64))) };
}
