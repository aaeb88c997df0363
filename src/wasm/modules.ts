import { inlined } from "../core/compile.ts";
import type { KernelModule } from "../core/module.ts";
import { base64 as coreText } from "./core.base64.ts";
import { base64 as familiesText } from "./families.base64.ts";
import { base64 as implicitText } from "./implicit.base64.ts";
import { base64 as countsText } from "./counts.base64.ts";
import { base64 as relaxationsText } from "./relaxations.base64.ts";
import { base64 as estimatorsText } from "./estimators.base64.ts";
import { base64 as programsText } from "./programs.base64.ts";
import { base64 as transportText } from "./transport.base64.ts";

// Where bytes may become code: each module as text, compiled at its first use.
export const core: KernelModule = /* @__PURE__ */ inlined("core", coreText);
export const families: KernelModule = /* @__PURE__ */ inlined("families", familiesText);
export const implicit: KernelModule = /* @__PURE__ */ inlined("implicit", implicitText);
export const counts: KernelModule = /* @__PURE__ */ inlined("counts", countsText);
export const relaxations: KernelModule = /* @__PURE__ */ inlined("relaxations", relaxationsText);
export const estimators: KernelModule = /* @__PURE__ */ inlined("estimators", estimatorsText);
export const programs: KernelModule = /* @__PURE__ */ inlined("programs", programsText);
export const transport: KernelModule = /* @__PURE__ */ inlined("transport", transportText);
