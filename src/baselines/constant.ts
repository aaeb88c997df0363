import { finite } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";

/**
 * The same number for every sample.
 *
 * @param value  b; about E[f] serves well
 */
export function constant(value: number): Baseline {
  finite("constant", "value", value);
  return {
    name: "constant",
    least: 1,
    bind: () => ({ predict: ({ kernels, rows }, _, out) => kernels.arrayFill(rows, value, out) }),
  };
}
