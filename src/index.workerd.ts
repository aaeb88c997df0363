import { provideModule } from "./core/core.ts";
import module from "./wasm/core.wasm";

provideModule(() => module);

export * from "./api.ts";
