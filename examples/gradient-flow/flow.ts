import { sinkhornDivergence } from "gradex";

export interface Flow {
  /** Where the points begin, `[count, 2]`, and those they flow to. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly regularization: number;
  readonly steps: number;
}

/** Where the points are after a step. */
export interface Frame {
  readonly step: number;
  readonly points: Float64Array;
  /** Sinkhorn divergence from the target. */
  readonly divergence: number;
}

/** The share of its way that a point goes in a step. */
const RATE = 0.15;

/** Points that go down the slope of their Sinkhorn divergence from the target: each toward where the plan would have it. */
export function* flow({ from, to, regularization, steps }: Flow): Generator<Frame, void, undefined> {
  const points = from.slice();
  const count = points.length / 2;
  for (let step = 0; ; step++) {
    const found = sinkhornDivergence({ x: points, y: to }, { dim: 2, regularization, tolerance: 1e-4 });
    yield { step, points: points.slice(), divergence: found.value[0]! };
    if (step === steps) return;
    const slope = found.pullback(Float64Array.of(1)).x;
    // A point weighs 1 / count, and the slope of a squared distance is twice the way.
    for (let i = 0; i < points.length; i++) points[i]! -= (RATE * count * slope[i]!) / 2;
  }
}
