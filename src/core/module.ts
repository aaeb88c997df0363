/** A compiled part of the core: kernels that are loaded together, when one of them is first needed. */
export interface KernelModule {
  /** As in `gradex/<name>.wasm`. */
  readonly name: "core" | ModuleName;
  readonly load: () => WebAssembly.Module;
}

/** The parts beside the core, each loaded when a family or an estimator that needs it is first bound. */
export const BESIDE = ["families", "implicit", "counts", "relaxations", "estimators", "programs", "transport"] as const;

export type ModuleName = (typeof BESIDE)[number];
