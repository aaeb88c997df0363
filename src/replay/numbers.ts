import { BYTES, type Core } from "../core/core.ts";
import { region } from "../core/region.ts";

/** Functions of one number by the core, whose last bits no engine chooses. */
export interface Numbers {
  exp(x: number): number;
  log1p(x: number): number;
  free(): void;
}

export function numbers(core: Core, caller: string): Numbers {
  const block = region(core, "f64");
  const field = block.reserve(64 / BYTES.f64);
  block.allocate(caller);
  const { elementwiseExp, elementwiseLog1p } = block.core.kernels.f64;
  const by = (kernel: typeof elementwiseExp) => (x: number): number => {
    field.view()[0] = x;
    kernel(1, field.at, field.at);
    return field.view()[0]!;
  };
  return { exp: by(elementwiseExp), log1p: by(elementwiseLog1p), free: () => block.free() };
}
