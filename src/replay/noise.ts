import type { Core } from "../core/core.ts";
import { exponential } from "../distributions/exponential.ts";
import { normal } from "../distributions/normal.ts";
import { uniform } from "../distributions/uniform.ts";
import type { Key } from "../key.ts";
import { sampleOn } from "../sample.ts";

/** The random numbers of one run: number i of each kind is a function of the key, the run and i. */
export interface Noise {
  /** Decides discrete draw i. */
  uniform(i: number): number;
  /** Uniform, normal and exponential numbers of continuous draw i. */
  place(i: number): number;
  normal(i: number): number;
  exponential(i: number): number;
  /** More uniforms for draw i. */
  more(i: number, index: number): number;
}

// Runs come in blocks, and each has so many numbers of a block's stream; longer runs go on in streams of their own.
const RUNS = 64;
const LENGTH = 128;

type Law = "uniform" | "place" | "normal" | "exponential";

/** Noise for the runs of one key. */
export function noises(core: Core, key: Key): (run: number) => Noise {
  const zero = Float64Array.of(0);
  const one = Float64Array.of(1);
  const draw: Readonly<Record<Law, (own: Key, samples: number) => Float64Array>> = {
    uniform: (own, samples) => sampleOn(core, uniform(1), { low: zero, high: one }, own, { samples }),
    place: (own, samples) => sampleOn(core, uniform(1), { low: zero, high: one }, own, { samples }),
    normal: (own, samples) => sampleOn(core, normal(1), { mean: zero, logScale: zero }, own, { samples }),
    exponential: (own, samples) => sampleOn(core, exponential(1), { logRate: zero }, own, { samples }),
  };
  const blocks = new Map<Law, { readonly block: number; readonly numbers: Float64Array }>();
  const known = (law: Law, run: number): Float64Array => {
    const block = Math.floor(run / RUNS);
    const held = blocks.get(law);
    if (held?.block === block) return held.numbers;
    const numbers = draw[law](key.fold(law).fold(block), RUNS * LENGTH);
    blocks.set(law, { block, numbers });
    return numbers;
  };
  return (run) => {
    const first = (run % RUNS) * LENGTH;
    const reader = (law: Law): ((i: number) => number) => {
      let own: Float64Array | undefined;
      let longer: Float64Array | undefined;
      return (i) => {
        if (i < LENGTH) return (own ??= known(law, run))[first + i]!;
        if (longer === undefined || longer.length <= i - LENGTH) longer = draw[law](key.fold(law).fold("longer").fold(run), 2 ** log2(i + 1));
        return longer[i - LENGTH]!;
      };
    };
    return {
      uniform: reader("uniform"),
      place: reader("place"),
      normal: reader("normal"),
      exponential: reader("exponential"),
      more: (i, index) => unit(key.fold("more").fold(run).fold(i).fold(index)),
    };
  };
}

/** ⌈log₂ n⌉ of a whole number. */
const log2 = (n: number): number => 32 - Math.clz32(n - 1);

/** 53 bits of a key as a number in (0, 1). */
export function unit({ low, high }: Key): number {
  return ((high >>> 5) * 67108864 + (low >>> 6) + 0.5) / 9007199254740992;
}
