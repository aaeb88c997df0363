import { shown } from "../errors.ts";
import { bernoulli, binomial, categorical, geometric, type Kind, poisson } from "./kinds.ts";
import type { Noise } from "./noise.ts";
import type { Numbers } from "./numbers.ts";

/** Where an ordinary function gets its random numbers from. */
export interface Source {
  /** 1 with probability p, else 0. */
  bernoulli(p: number): number;
  /** An index, with these probabilities. */
  categorical(probs: ArrayLike<number>): number;
  /** Failures before the first success. */
  geometric(p: number): number;
  /** Successes in `count` trials. */
  binomial(count: number, p: number): number;
  poisson(rate: number): number;
  /** Standard unless given. */
  normal(mean?: number, scale?: number): number;
  /** In (0, 1) unless given. */
  uniform(low?: number, high?: number): number;
  /** Mean 1 / rate; rate 1 unless given. */
  exponential(rate?: number): number;
}

/** A discrete draw of a run, as it was made. */
export interface Site {
  readonly kind: Kind;
  readonly parameters: readonly number[];
  readonly outcome: number;
}

/** How the discrete draws of a run are decided; undefined: by its noise. */
export type Decide = (index: number, kind: Kind) => number | undefined;

/** The draws of one run: its source, and its discrete sites in order. `checked` is off where parameters may be a hair outside. */
export function recording(noise: Noise, numbers: Numbers, decide: Decide, checked: boolean): { readonly source: Source; readonly sites: readonly Site[] } {
  const sites: Site[] = [];
  let continuous = 0;
  const discrete = (kind: Kind, parameters: readonly number[]): number => {
    if (checked && !kind.admits(parameters)) throw new RangeError(`replay: draw.${kind.name} expected ${kind.expected}, got ${parameters.map(shown).join(", ")}`);
    const i = sites.length;
    const outcome = decide(i, kind) ?? kind.quantile(noise.uniform(i), parameters, numbers, (index) => noise.more(i, index));
    sites.push({ kind, parameters, outcome });
    return outcome;
  };
  return {
    sites,
    source: {
      bernoulli: (p) => discrete(bernoulli, [p]),
      categorical: (probs) => discrete(categorical, Array.from(probs)),
      geometric: (p) => discrete(geometric, [p]),
      binomial: (count, p) => discrete(binomial, [count, p]),
      poisson: (rate) => discrete(poisson, [rate]),
      normal: (mean = 0, scale = 1) => mean + scale * noise.normal(continuous++),
      uniform: (low = 0, high = 1) => low + (high - low) * noise.place(continuous++),
      exponential: (rate = 1) => noise.exponential(continuous++) / rate,
    },
  };
}
