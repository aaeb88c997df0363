import type { KernelModule } from "../core/module.ts";
import coreModule from "./core.wasm";
import familiesModule from "./families.wasm";
import implicitModule from "./implicit.wasm";
import countsModule from "./counts.wasm";
import relaxationsModule from "./relaxations.wasm";
import estimatorsModule from "./estimators.wasm";
import programsModule from "./programs.wasm";
import transportModule from "./transport.wasm";

// Where bytes may not become code: each module is imported as one.
export const core: KernelModule = { name: "core", load: () => coreModule };
export const families: KernelModule = { name: "families", load: () => familiesModule };
export const implicit: KernelModule = { name: "implicit", load: () => implicitModule };
export const counts: KernelModule = { name: "counts", load: () => countsModule };
export const relaxations: KernelModule = { name: "relaxations", load: () => relaxationsModule };
export const estimators: KernelModule = { name: "estimators", load: () => estimatorsModule };
export const programs: KernelModule = { name: "programs", load: () => programsModule };
export const transport: KernelModule = { name: "transport", load: () => transportModule };
