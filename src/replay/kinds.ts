import type { Numbers } from "./numbers.ts";

/** What a draw may change to: with probability weight · ε when the parameter moves by ε. */
export interface Flip {
  readonly outcome: number;
  /** Below 0 only at the end of a parameter's range: minus that of the move to the inside. */
  readonly weight: number;
}

/** More uniforms for one draw, where one is not enough. */
export type More = (index: number) => number;

/** A discrete law with numbers as parameters. */
export interface Kind {
  readonly name: string;
  /** What the parameters must be, and whether they are. */
  readonly expected: string;
  readonly admits: (parameters: readonly number[]) => boolean;
  /** The draw of a uniform u in (0, 1); increasing or decreasing in u. */
  readonly quantile: (u: number, parameters: readonly number[], numbers: Numbers, more: More) => number;
  /**
   * Where the draw x goes when the parameters move by `slopes` · ε: coupled by monotone inversion, so by one step at a time.
   * Arya, Schauer, Schäfer & Rackauckas 2022.
   */
  readonly flips: (x: number, parameters: readonly number[], slopes: readonly number[]) => readonly Flip[];
}

const probability = (p: number): boolean => p >= 0 && p <= 1;
const flip = (outcome: number, weight: number): readonly Flip[] => (weight !== 0 ? [{ outcome, weight }] : []);
/** Whether a probability is taken to move up: not from 1 on, and from 0 on even if it would move down. */
const upwards = (p: number, slope: number): boolean => (slope > 0 ? p < 1 : p === 0);

export const bernoulli: Kind = {
  name: "bernoulli",
  expected: "a probability in [0, 1]",
  admits: ([p]) => probability(p!),
  quantile: (u, [p]) => (u < p! ? 1 : 0),
  flips: (x, [p], [slope]) => (upwards(p!, slope!) ? flip(1, x === 0 ? slope! / (1 - p!) : 0) : flip(0, x === 1 ? -slope! / p! : 0)),
};

/** Failures before the first success. */
export const geometric: Kind = {
  name: "geometric",
  expected: "a probability in (0, 1]",
  admits: ([p]) => probability(p!) && p! > 0,
  quantile: (u, [p], { log1p }) => (p === 1 ? 0 : Math.floor(log1p(-u) / log1p(-p!))),
  flips: (x, [p], [slope]) => (slope! > 0 && p! < 1 ? flip(x - 1, x > 0 ? (slope! * x) / (p! * (1 - p!)) : 0) : flip(x + 1, (-slope! * (x + 1)) / p!)),
};

/** Mean up to which a sum of probabilities from 0 on neither underflows nor takes long; more is drawn in parts. */
const PART = 256;

export const poisson: Kind = {
  name: "poisson",
  expected: "a rate >= 0",
  admits: ([rate]) => rate! >= 0 && rate! < 2 ** 53,
  quantile(u, [rate], { exp }, more) {
    const parts = Math.max(1, Math.ceil(rate! / PART));
    const each = rate! / parts;
    const first = exp(-each);
    return summed(parts, u, more, (v) => inverted(v, first, (k) => each / (k + 1)));
  },
  flips: (x, [rate], [slope]) => (slope! > 0 || rate === 0 ? flip(x + 1, slope!) : flip(x - 1, x > 0 ? (-slope! * x) / rate! : 0)),
};

export const binomial: Kind = {
  name: "binomial",
  expected: "a whole number of trials >= 0 and a probability in [0, 1]",
  admits: ([n, p]) => Number.isSafeInteger(n) && n! >= 0 && probability(p!),
  quantile(u, [n, p], { exp, log1p }, more) {
    const rare = Math.min(p!, 1 - p!); // the rarer of success and failure
    if (rare === 0) return p === 0 ? 0 : n!;
    const parts = Math.max(1, Math.ceil((n! * rare) / PART));
    const whole = Math.floor(n! / parts);
    const count = summed(parts, p! > 0.5 ? 1 - u : u, more, (v, part) => {
      const trials = part === 0 ? n! - whole * (parts - 1) : whole;
      return inverted(v, exp(trials * log1p(-rare)), (k) => ((trials - k) / (k + 1)) * (rare / (1 - rare)));
    });
    return p! > 0.5 ? n! - count : count;
  },
  // The number of trials is whole: what it comes from may change it, its slope is 0.
  flips: (x, [n, p], [, slope]) => (upwards(p!, slope!) ? flip(x + 1, x < n! ? (slope! * (n! - x)) / (1 - p!) : 0) : flip(x - 1, x > 0 ? (-slope! * x) / p! : 0)),
};

export const categorical: Kind = {
  name: "categorical",
  expected: "probabilities that sum to 1",
  admits: (probs) => probs.length > 0 && probs.every(probability) && Math.abs(probs.reduce((sum, p) => sum + p, 0) - 1) < 1e-9,
  quantile(u, probs) {
    let [k, left] = [0, u];
    const last = probs.findLastIndex((p) => p > 0);
    while (k < last && left >= probs[k]!) left -= probs[k++]!;
    return k;
  },
  // The ends of x's interval move by the cumulative slopes before and after it; what it loses goes to its neighbours.
  flips(x, probs, slopes) {
    const before = slopes.slice(0, x).reduce((sum, slope) => sum + slope, 0);
    const side = (lost: number, step: 1 | -1): readonly Flip[] => neighbours(lost, x, step, probs, slopes).flatMap(([k, mass]) => flip(k, mass / probs[x]!));
    return [...side(before, -1), ...side(-before - slopes[x]!, 1)];
  },
};

/** Who gets the mass that x loses at one of its ends: categories without width what they grow by, the first with some the rest. */
function neighbours(lost: number, x: number, step: 1 | -1, probs: readonly number[], slopes: readonly number[]): readonly (readonly [k: number, mass: number])[] {
  const found: [number, number][] = [];
  for (let k = x + step; k >= 0 && k < probs.length && lost > 0; k += step) {
    const mass = probs[k]! > 0 ? lost : Math.min(lost, Math.max(0, slopes[k]!));
    found.push([k, mass]);
    lost -= mass;
  }
  return found;
}

/** A sum of draws, one for each part, each with a uniform of its own. */
function summed(parts: number, u: number, more: More, draw: (u: number, part: number) => number): number {
  let sum = 0;
  for (let part = 0; part < parts; part++) sum += draw(part === 0 ? u : more(part), part);
  return sum;
}

/** The first k whose cumulative probability exceeds u, from that of 0 and the ratio of each to the one before. */
function inverted(u: number, first: number, ratio: (k: number) => number): number {
  let [k, left, mass] = [0, u, first];
  while (left >= mass && mass > 0) {
    left -= mass;
    mass *= ratio(k++);
  }
  return k;
}
