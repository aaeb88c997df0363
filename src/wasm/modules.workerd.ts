import type { KernelModule } from "../core/module.ts";
import coreModule from "./core.wasm";
import familiesModule from "./families.wasm";

// Where bytes may not become code: each module is imported as one.
export const core: KernelModule = { name: "core", load: () => coreModule };
export const families: KernelModule = { name: "families", load: () => familiesModule };
