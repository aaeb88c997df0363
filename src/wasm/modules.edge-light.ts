import type { KernelModule } from "../core/module.ts";
import coreModule from "./core.wasm?module";
import familiesModule from "./families.wasm?module";
import implicitModule from "./implicit.wasm?module";
import countsModule from "./counts.wasm?module";
import relaxationsModule from "./relaxations.wasm?module";
import estimatorsModule from "./estimators.wasm?module";
import programsModule from "./programs.wasm?module";
import transportModule from "./transport.wasm?module";

// Where bytes may not become code: each module is imported as one.
export const core: KernelModule = { name: "core", load: () => coreModule };
export const families: KernelModule = { name: "families", load: () => familiesModule };
export const implicit: KernelModule = { name: "implicit", load: () => implicitModule };
export const counts: KernelModule = { name: "counts", load: () => countsModule };
export const relaxations: KernelModule = { name: "relaxations", load: () => relaxationsModule };
export const estimators: KernelModule = { name: "estimators", load: () => estimatorsModule };
export const programs: KernelModule = { name: "programs", load: () => programsModule };
export const transport: KernelModule = { name: "transport", load: () => transportModule };
