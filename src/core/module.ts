/** `WebAssembly.Module`, where the program's types know it: those of Node without "DOM" do not. */
export type CompiledModule = typeof globalThis extends { readonly WebAssembly: { readonly Module: { readonly prototype: infer M } } } ? M : object;

/** A compiled part of the core: kernels that are loaded together, when one of them is first needed. */
export interface KernelModule {
  /** As in `gradex/<name>.wasm`. */
  readonly name: "core" | ModuleName;
  readonly load: () => CompiledModule;
}

/** The parts beside the core, each loaded when a family or an estimator that needs it is first bound. */
export const BESIDE = ["families", "implicit", "counts", "relaxations", "estimators", "programs", "transport"] as const;

export type ModuleName = (typeof BESIDE)[number];
