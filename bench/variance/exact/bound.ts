import { weigh } from "../../../reference/estimators/importance-bound.ts";
import { combine } from "../../../reference/estimators/vimco.ts";
import { compared } from "./compared.ts";
import { mean, over, variance } from "./outcomes.ts";

/** A draw of q: its probability, log f − log q there, its score, and the derivative of log f − log q along the path of x. */
export interface Particle {
  readonly p: number;
  readonly log: number;
  readonly score: readonly number[];
  readonly path: readonly number[];
}

/** K of them. */
interface Sample {
  readonly p: number;
  readonly particles: readonly Particle[];
  readonly weight: Float64Array;
  readonly total: number;
}

export function samplesOf(particles: readonly Particle[], count: number): Sample[] {
  const sets = Array.from({ length: count }).reduce<{ p: number; particles: Particle[] }[]>(
    (all) => all.flatMap((set) => particles.map((one) => ({ p: set.p * one.p, particles: [...set.particles, one] }))), [{ p: 1, particles: [] }]);
  return sets.filter(({ p }) => p > 1e-18).map((set) => {
    const [weight, total] = [new Float64Array(count), new Float64Array(1)];
    weigh(count, set.particles.map(({ log }) => log), weight, total);
    return { ...set, weight, total: total[0]! };
  });
}

/** Σₖ cₖ columnₖ */
const sum = ({ particles }: Sample, c: (k: number) => number, of: "score" | "path"): number[] =>
  particles[0]![of].map((_, j) => particles.reduce((total, own, k) => total + c(k) * own[of][j]!, 0));

const naive = (sample: Sample): number[] => sum(sample, (k) => sample.total - sample.weight[k]!, "score");

export const boundGradient = (samples: readonly Sample[]): number[] => mean(samples, naive);

/** L Σ s − Σ w s, without a baseline. */
export const boundScores = (all: readonly Sample[]) => (samples: number): number[] => over(samples, variance(all, naive));

/** The same with the mean bound of the other samples for L's baseline. */
export const boundLeavingOneOut = (all: readonly Sample[]) => (samples: number): number[] =>
  compared(all.map((own) => ({ p: own.p, term: naive(own), slope: sum(own, () => 1, "score"), own: own.total })), samples);

export const vimcoVariance = (all: readonly Sample[], geometric: boolean) => (samples: number): number[] => over(samples, variance(all, (own) => {
  const K = own.particles.length;
  const coefficient = new Float64Array(K);
  combine(K, geometric, own.particles.map(({ log }) => log), new Float64Array(K), coefficient, new Float64Array(1));
  return sum(own, (k) => coefficient[k]!, "score");
}));

/** Σ w d(log f − log q)/dθ along the path, q's own θ moving too. */
export const boundPaths = (all: readonly Sample[]) => (samples: number): number[] => over(samples, variance(all, (own) => {
  const [path, score] = [sum(own, (k) => own.weight[k]!, "path"), sum(own, (k) => own.weight[k]!, "score")];
  return path.map((x, j) => x - score[j]!);
}));

/** Σ w² d(log f − log q)/dθ along the path, q's own θ held still (Tucker et al. 2019). */
export const doublyReparameterized = (all: readonly Sample[]) => (samples: number): number[] => over(samples, variance(all, (own) => sum(own, (k) => own.weight[k]! ** 2, "path")));
