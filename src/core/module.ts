/** A compiled part of the core: kernels that are loaded together, when one of them is first needed. */
export interface KernelModule {
  /** As in `gradex/<name>.wasm`. */
  readonly name: string;
  readonly load: () => WebAssembly.Module;
}
