import { decodeBase64 } from "./core/base64.ts";
import { provideModule } from "./core/core.ts";
import { base64 } from "./wasm/core.base64.ts";

provideModule(() => new WebAssembly.Module(decodeBase64(base64)));

export * from "./api.ts";
