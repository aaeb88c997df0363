/** Soft sorting of lists, and the Sinkhorn divergence of clouds, there and back: all of a call. Both sides iterate until the marginals hold. */
import { divergence } from "../reference/transport/divergence.ts";
import { sorter } from "../reference/transport/soft-sort.ts";
import type { Precision } from "../src/core/core.ts";
import { sinkhornDivergenceOn } from "../src/divergence.ts";
import { arrayOf } from "../src/parameters.ts";
import { type SoftOrder, softQuantileOn, softRankOn, softSortOn, softTopKOn } from "../src/soft-sort.ts";
import type { Case, Floats } from "./case.ts";
import { core } from "./layout.ts";

const scattered = (precision: Precision, length: number, seed: number): Float64Array => arrayOf(precision, length).map((_: number, k: number) => Math.sin(12.9898 * (k + seed)) + 0.3 * Math.cos(k * k)) as Float64Array;
const TOLERANCE = { f32: 1e-5, f64: 1e-9 } as const;

/** An element is a number of a list. */
function sorts(precision: Precision, lists = 64, width = 32, regularization = 0.1): readonly Case[] {
  const [x, cotangent] = [scattered(precision, lists * width, 1), scattered(precision, lists * width, 5)];
  const options = { width, regularization, tolerance: TOLERANCE[precision] };
  const own = sorter(x, width, regularization, TOLERANCE[precision]);
  let found: SoftOrder = softSortOn(core, x, options);
  let [slopes, ownSlopes]: [Floats, Floats] = [x, x];
  own.sort();
  const within = precision === "f32" ? 1e-3 : 1e-6;
  return [
    {
      name: `softSort of ${lists} lists of ${width} ${precision}`,
      elements: lists * width,
      kernel: () => void (found = softSortOn(core, x, options)),
      twin: own.sort,
      parts: {
        "softRank": () => void softRankOn(core, x, options),
        "softQuantile, 3 levels": () => void softQuantileOn(core, x, { ...options, levels: [0.25, 0.5, 0.75] }),
        "softTopK, 5": () => void softTopKOn(core, x, { ...options, count: 5 }),
      },
      outcome: () => ({ alike: "values", kernel: found.values, twin: own.values, within }),
    },
    {
      name: `softSort pull-back of ${lists} lists of ${width} ${precision}`,
      elements: lists * width,
      kernel: () => void (slopes = found.pullback(cotangent)),
      twin: () => void (ownSlopes = own.pull(cotangent)),
      outcome: () => ({ alike: "values", kernel: slopes, twin: ownSlopes, within }),
    },
  ];
}

/** An element is a pair of points of the clouds. */
function clouds(precision: Precision, points = 128, dim = 2, regularization = 0.2): readonly Case[] {
  const [x, y] = [scattered(precision, points * dim, 3), scattered(precision, points * dim, 7).map((each) => 0.5 * each + 0.2)];
  const options = { dim, regularization, tolerance: TOLERANCE[precision] };
  const own = divergence(x, y, dim, regularization, TOLERANCE[precision]);
  let found = sinkhornDivergenceOn(core, { x, y }, options);
  let [value, slopes, ownSlopes]: [number, Floats, Floats] = [own.value(), x, x];
  const one = arrayOf(precision, 1).fill(1) as Float64Array;
  const within = precision === "f32" ? 1e-3 : 1e-6;
  return [
    {
      name: `sinkhornDivergence of ${points} points ${precision}`,
      elements: points * points,
      kernel: () => void (found = sinkhornDivergenceOn(core, { x, y }, options)),
      twin: () => void (value = own.value()),
      outcome: () => ({ alike: "values", kernel: found.value, twin: [value], within }),
    },
    {
      name: `sinkhornDivergence pull-back of ${points} points ${precision}`,
      elements: points * points,
      kernel() {
        const { x: ofX, y: ofY } = found.pullback(one);
        slopes = arrayOf(precision, x.length + y.length);
        slopes.set(ofX);
        slopes.set(ofY, x.length);
      },
      twin: () => void (ownSlopes = own.slopes()),
      outcome: () => ({ alike: "values", kernel: slopes, twin: ownSlopes, within }),
    },
  ];
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [...sorts(precision), ...clouds(precision)]);
