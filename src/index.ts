import { decodeBase64 } from "./core/base64.ts";
import { compile } from "./core/compile.ts";
import { provideModule } from "./core/core.ts";
import { base64 } from "./wasm/core.base64.ts";

provideModule(() => compile(decodeBase64(base64)));

export * from "./api.ts";
