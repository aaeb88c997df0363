/** Work on whole vectors of numbers: moments of columns, and the steps of the optimizers. The twins take what they can out of their loops. */
import { readFileSync } from "node:fs";
import { instance } from "../src/core/core.ts";
import { type Field, region } from "../src/core/region.ts";
import { type Bits, type Case, type Floats, rounding } from "./case.ts";

const core = instance({ module: new WebAssembly.Module(readFileSync(new URL("../build/core.wasm", import.meta.url))) });

/** Mean and Σ (value − mean)² of each column, two passes. */
function accumulate(rows: number, columns: number, values: Floats, mean: Float64Array, squares: Float64Array): void {
  mean.fill(0);
  squares.fill(0);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) mean[j]! += values[at]!;
  for (let j = 0; j < columns; j++) mean[j]! /= rows;
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const deviation = values[at]! - mean[j]!;
      squares[j]! += deviation * deviation;
    }
  }
}

function moments(columns: number, bits: Bits): Case {
  const precision = `f${bits}` as const;
  const rows = Math.floor(65536 / columns);
  const block = region(core, precision);
  const [values, mean, squares] = [rows * columns, columns, columns].map((length) => block.reserve(length)) as [Field, Field, Field];
  block.allocate("bench");
  values.view().forEach((_, i) => (values.view()[i] = 1 + Math.sin(i * i)));
  const copy = values.view().slice();
  const own = { mean: new Float64Array(columns), squares: new Float64Array(columns) };
  return {
    name: `moments of ${columns} columns ${precision}`,
    elements: rows * columns,
    kernel: () => core.kernels[precision].statisticsAccumulate(rows, columns, 0, values.at, mean.at, squares.at),
    twin: () => accumulate(rows, columns, copy, own.mean, own.squares),
    outcome: () => ({ alike: "values", kernel: [...mean.view(), ...squares.view()], twin: [...own.mean, ...own.squares], within: rounding[bits] }),
  };
}

function steps(bits: Bits, elements = 16384): Case {
  const precision = `f${bits}` as const;
  const [rate, beta1, beta2, epsilon] = [0.01, 0.9, 0.999, 1e-8];
  const block = region(core, precision);
  const [gradient, mean, square, params] = [0, 1, 2, 3].map(() => block.reserve(elements)) as [Field, Field, Field, Field];
  block.allocate("bench");
  gradient.view().forEach((_, i) => (gradient.view()[i] = Math.sin(i * i)));
  const slope = gradient.view().slice();
  const [ownMean, ownSquare, ownParams] = [0, 1, 2].map(() => new Float64Array(elements)) as [Float64Array, Float64Array, Float64Array];
  return {
    name: `adam ${precision}`,
    elements,
    kernel: () => core.kernels[precision].adamStep(elements, rate, beta1, beta2, epsilon, 1 - beta1, 1 - beta2, gradient.at, mean.at, square.at, params.at),
    twin() {
      const length = rate / (1 - beta1);
      const unbias = 1 / (1 - beta2);
      for (let i = 0; i < elements; i++) {
        const g = slope[i]!;
        const m = (ownMean[i] = beta1 * ownMean[i]! + (1 - beta1) * g);
        const s = (ownSquare[i] = beta2 * ownSquare[i]! + (1 - beta2) * g * g);
        ownParams[i]! += (length * m) / (Math.sqrt(s * unbias) + epsilon);
      }
    },
    outcome: () => ({ alike: "values", kernel: params.view(), twin: ownParams, within: rounding[bits] }),
  };
}

export const cases: readonly Case[] = ([32, 64] as const).flatMap((bits) => [...[1, 10, 256].map((columns) => moments(columns, bits)), steps(bits)]);
