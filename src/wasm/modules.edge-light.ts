import type { KernelModule } from "../core/module.ts";
import coreModule from "./core.wasm?module";
import familiesModule from "./families.wasm?module";

// Where bytes may not become code: each module is imported as one.
export const core: KernelModule = { name: "core", load: () => coreModule };
export const families: KernelModule = { name: "families", load: () => familiesModule };
