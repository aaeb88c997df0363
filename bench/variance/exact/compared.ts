import { mean, type Outcome, over, variance } from "./outcomes.ts";

/** What one sample is worth: its term is `term − b · slope`, with b the mean of what the others say, `own`. */
export interface Compared {
  readonly p: number;
  readonly term: readonly number[];
  readonly slope: readonly number[];
  readonly own: number;
}

/**
 * The variance of n samples that are compared with each other: a U-statistic of pairs, ½ (tₓ + t_y − l_y sₓ − lₓ s_y), whose
 * variance is (4 (n − 2) ζ₁ + 2 ζ₂) / (n (n − 1)). ζ₂ is that of a pair, ζ₁ of its mean given one of the two (Hoeffding 1948).
 */
export function compared(all: readonly Compared[], n: number): number[] {
  const [l] = mean(all, ({ own }) => [own]) as [number];
  const [ll] = mean(all, ({ own }) => [own * own]) as [number];
  const [t, s] = [mean(all, ({ term }) => term), mean(all, ({ slope }) => slope)];
  const tt = mean(all, ({ term }) => term.map((x) => x * x));
  const ss = mean(all, ({ slope }) => slope.map((x) => x * x));
  const ts = mean(all, ({ term, slope }) => term.map((x, j) => x * slope[j]!));
  const tl = mean(all, ({ term, own }) => term.map((x) => x * own));
  const sl = mean(all, ({ slope, own }) => slope.map((x) => x * own));
  const given = variance(all, ({ term, slope, own }) => term.map((x, j) => (x - l * slope[j]! - own * s[j]!) / 2));
  return given.map((one, j) => {
    const truth = t[j]! - l * s[j]!;
    const square = (tt[j]! + t[j]! ** 2 + ll * ss[j]! + sl[j]! ** 2) / 2 - ts[j]! * l - tl[j]! * s[j]!;
    return Math.max(0, (4 * (n - 2) * one + 2 * (square - truth ** 2)) / (n * (n - 1)));
  });
}

/** (f − b) s without a baseline. */
export const withoutBaseline = (outcomes: readonly Outcome[]) => (samples: number): number[] => over(samples, variance(outcomes, ({ f, score }) => score.map((s) => f * s)));

/** (f − the mean f of the others) s */
export const leavingOneOut = (outcomes: readonly Outcome[]) => (samples: number): number[] => summing(outcomes, 0)(samples);

/** The k most probable outcomes summed and one of the others drawn, each sample compared with the others' estimates of E f (Liu et al. 2019). */
export const summing = (outcomes: readonly Outcome[], terms: number) => (samples: number): number[] => {
  const sorted = outcomes.toSorted((a, b) => (Math.abs(a.p - b.p) > 1e-12 ? b.p - a.p : 0));
  const [top, rest] = [sorted.slice(0, terms), sorted.slice(terms)];
  const mass = rest.reduce((sum, { p }) => sum + p, 0);
  const columns = outcomes[0]!.score.map(() => 0);
  const sum = (of: (outcome: Outcome) => readonly number[]): number[] => (terms === 0 ? columns : mean(top, of));
  const [value] = sum(({ f }) => [f]) as [number];
  const [known, slope] = [sum(({ f, score }) => score.map((s) => f * s)), sum(({ score }) => score)];
  return compared(rest.map(({ p, f, score }) => ({
    p: p / mass,
    term: score.map((s, j) => known[j]! + mass * f * s),
    slope: score.map((s, j) => slope[j]! + mass * s),
    own: value + mass * f,
  })), samples);
};
