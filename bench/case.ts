/** One workload: a kernel of the core, and the same in plain TypeScript. `npm run bench` times them, test/bench.test.ts compares what they wrote. */
export interface Case {
  /** Ends with the precision where there are two; bench/goals.ts and bench/peers/ know it by this name. */
  readonly name: string;
  /** How many elements one call of `kernel` or `twin` computes. */
  readonly elements: number;
  readonly kernel: () => void;
  readonly twin: () => void;
  /** Steps of `kernel`, or other ways to the same, timed beside it: they say where its time goes. */
  readonly parts?: Readonly<Record<string, () => void>>;
  /** What the last call of each wrote. */
  readonly outcome: () => Outcome;
}

export type Outcome =
  /** The same numbers, up to `within` of the largest. */
  | { readonly alike: "values"; readonly kernel: ArrayLike<number>; readonly twin: ArrayLike<number>; readonly within: number }
  /** Draws from the same law. */
  | { readonly alike: "moments"; readonly kernel: ArrayLike<number>; readonly twin: ArrayLike<number> }
  /** Estimates of the same numbers, with their standard errors. */
  | { readonly alike: "estimates"; readonly kernel: ArrayLike<number>; readonly twin: ArrayLike<number>; readonly errors: readonly [ArrayLike<number>, ArrayLike<number>] };

export type Bits = 32 | 64;
export type Floats = Float32Array | Float64Array;

/** What rounding may do to a result of a few operations, relative to the largest. */
export const rounding: Readonly<Record<Bits, number>> = { 32: 1e-5, 64: 1e-12 };
