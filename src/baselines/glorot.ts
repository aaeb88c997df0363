import type { Points } from "../core/core.ts";
import type { Region } from "../core/region.ts";
import { normal } from "../distributions/normal.ts";
import type { Key } from "../key.ts";
import { arrayOf } from "../parameters.ts";
import { sampleOn } from "../sample.ts";
import { type Shapes, sizeOf, volume } from "../vocabulary/distribution.ts";

/**
 * Matrices normal with variance 2 / (in + out) (Glorot & Bengio 2010); biases 0, and those that give the output: what is predicted
 * first is nothing at all, and adds nothing random to the noise it is there to reduce.
 */
export function glorot(params: Shapes, start: Key, { core, precision }: Region, output: (name: string) => boolean): Points {
  const all = arrayOf(precision, sizeOf(params));
  let at = 0;
  Object.entries(params).forEach(([name, shape], i) => {
    if (shape.length === 2 && !output(name)) {
      const draws = sampleOn(core, normal(1), { mean: arrayOf(precision, 1), logScale: arrayOf(precision, 1) }, start.fold(i), { samples: volume(shape) });
      const scale = Math.sqrt(2 / (shape[0]! + shape[1]!));
      draws.forEach((draw, j) => (all[at + j] = scale * draw));
    }
    at += volume(shape);
  });
  return all;
}
