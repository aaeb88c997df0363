import { inlined } from "../core/compile.ts";
import type { KernelModule } from "../core/module.ts";
import { base64 as coreText } from "./core.base64.ts";
import { base64 as familiesText } from "./families.base64.ts";

// Where bytes may become code: each module as text, compiled at its first use.
export const core: KernelModule = /* @__PURE__ */ inlined("core", coreText);
export const families: KernelModule = /* @__PURE__ */ inlined("families", familiesText);
