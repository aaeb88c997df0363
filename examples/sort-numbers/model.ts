import { concatenate, expectation, expression, given, gumbel, type Key, matching, network, normal, sample, uniform } from "gradex";

/** Units of the hidden layer, which sees one number at a time. */
export const UNITS = 32;
/** Of the Gumbel-Sinkhorn relaxation, as in the paper. */
const TEMPERATURE = 1;
const ITERATIONS = 10;

/** w and b are the hidden layer's; W and c give each hidden vector its scores for the places 0 … n − 1. */
export type Weights = Readonly<Record<"w" | "b" | "W" | "c", Float32Array>>;

const shapes = (n: number) => ({ w: [UNITS], b: [UNITS], W: [UNITS, n], c: [n] }) as const;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * Mean squared distance of the softly permuted list from the sorted one, over Gumbel noise on the scores: the noisy scores z are Gumbel variables whose
 * location the network gives, and Sinkhorn's iteration makes them a matrix that is nearly a permutation (Mena, Belanger, Linderman & Snoek 2018).
 */
export function sorting(n: number) {
  const scores = network(
    ({ numbers, w, b, W, c }) => {
      const location = concatenate(...(range(n).map((i) => numbers.at(i).mul(w).add(b).relu().matmul(W).add(c)) as [never]));
      return { location, logScale: location.mul(0) };
    },
    shapes(n),
    { numbers: n },
  );
  const distance = expression(
    (z, { numbers, sorted }) => {
      const plan = z.sinkhorn({ rows: n, columns: n, temperature: TEMPERATURE, iterations: ITERATIONS });
      const places = range(n).map((j) => plan.gather(range(n).map((i) => i * n + j)).dot(numbers));
      return concatenate(...(places as [never])).sub(sorted).square().mean();
    },
    {},
    { numbers: n, sorted: n },
  );
  return expectation(given(gumbel(n * n), scores), distance);
}

/** Where training starts: a hidden layer of bends all over the interval, and scores that know nothing. */
export function start(n: number, from: Key): Weights {
  const draws = (name: string, length: number, scale: number): Float32Array =>
    sample(normal(1), { mean: new Float32Array(1), logScale: Float32Array.of(Math.log(scale)) }, from.fold(name), { samples: length });
  return { w: draws("w", UNITS, 1), b: draws("b", UNITS, 0.5), W: new Float32Array(UNITS * n), c: new Float32Array(n) };
}

/** So many lists of n numbers between 0 and 1, and the same sorted: `[lists, n]` each. */
export function lists(n: number, count: number, from: Key): { numbers: Float32Array<ArrayBuffer>; sorted: Float32Array<ArrayBuffer> } {
  const numbers = Float32Array.from(sample(uniform(n), { low: new Float32Array(n), high: new Float32Array(n).fill(1) }, from, { samples: count }));
  const sorted = numbers.slice();
  for (let at = 0; at < sorted.length; at += n) sorted.subarray(at, at + n).sort();
  return { numbers, sorted };
}

/** For each number of each list its place: the matching of the scores, without noise. */
export function placesOf(n: number, { w, b, W, c }: Weights, numbers: Float32Array): Int32Array {
  const scores = new Float64Array(numbers.length * n); // in f32 numbers that differ in their last digits would tie
  numbers.forEach((x, i) => {
    const row = scores.subarray(i * n, (i + 1) * n);
    row.set(c);
    for (let h = 0; h < UNITS; h++) {
      const hidden = Math.max(0, x * w[h]! + b[h]!);
      for (let j = 0; j < n; j++) row[j]! += hidden * W[h * n + j]!;
    }
  });
  return matching(scores, { rows: n, columns: n, batch: numbers.length / n }).columns;
}
