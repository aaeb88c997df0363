import { instance, type Precision } from "../src/core/core.ts";
import type { Kernels } from "../src/core/kernels.ts";
import { type Field, region } from "../src/core/region.ts";
import { key } from "../src/key.ts";
import { reserveTheta } from "../src/parameters.ts";
import type { Distribution, Theta } from "../src/vocabulary/distribution.ts";
import { readFileSync } from "node:fs";
import type { Floats } from "./case.ts";

export const core = instance({ module: new WebAssembly.Module(readFileSync(new URL("../build/core.wasm", import.meta.url))) });
export const stream = { key: key(1), site: 0, chunk: 0 };

/** A family in linear memory, its θ prepared, and fields of numbers. */
export interface Layout {
  readonly kernels: Kernels;
  readonly theta: Theta;
  /** Prepares θ anew, as every estimate does. */
  readonly prepare: () => void;
  /** A copy of θ as packed. */
  readonly params: Floats;
  readonly fields: readonly Field[];
}

/** θ of `batch` problems by `parameter`, and arrays of the given lengths. */
export function layout(p: Distribution, precision: Precision, batch: number, lengths: readonly number[], parameter: (i: number) => number): Layout {
  const block = region(core, precision);
  const { params, theta } = reserveTheta(block, p, batch);
  const fields = lengths.map((length) => block.reserve(length));
  block.allocate("bench");
  const values = params.view();
  for (let i = 0; i < values.length; i++) values[i] = parameter(i);
  const kernels = core.kernels[precision];
  const prepare = (): void => p.prepare(kernels, params.at, theta);
  prepare();
  return { kernels, theta, prepare, params: values.slice(), fields };
}

/** Numbers without order in [−2, 2]. */
export const scattered = (i: number): number => 2 * Math.sin(i * i);
