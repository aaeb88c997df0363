import { debias, together } from "../../../reference/estimators/arms.ts";
import { choose } from "./choose.ts";
import { over, variance } from "./outcomes.ts";

type Worth = (x: readonly number[]) => number;
interface Pair {
  readonly p: number;
  readonly x: readonly number[];
  readonly other: readonly number[];
}

/** All products of what one coin after the other may do. */
function product<T>(coins: readonly (readonly { readonly p: number; readonly value: T }[])[]): { readonly p: number; readonly values: readonly T[] }[] {
  return coins.reduce<{ p: number; values: T[] }[]>((all, coin) => all.flatMap(({ p, values }) => coin.map((one) => ({ p: p * one.p, values: [...values, one.value] }))), [{ p: 1, values: [] }]);
}

/** Flips b = [u < p] and b̃ = [1 − u < p] of one uniform a coin. */
function pairs(probs: readonly number[]): Pair[] {
  const coins = probs.map((p) => [
    { p: Math.min(p, 1 - p), value: [1, 0] }, { p: Math.min(p, 1 - p), value: [0, 1] }, { p: Math.abs(1 - 2 * p), value: p > 0.5 ? [1, 1] : [0, 0] },
  ]);
  return product(coins).map(({ p, values }) => ({ p, x: values.map(([b]) => b!), other: values.map(([, b]) => b!) }));
}

/** ½ (f(b) − f(b̃)) (b − b̃) max(p, 1 − p) of each pair (Dong, Mnih & Tucker 2020). */
export const antithetic = (probs: readonly number[], f: Worth) => (samples: number): number[] =>
  over(samples, variance(pairs(probs), ({ x, other }) => probs.map((p, j) => 0.5 * (f(x) - f(other)) * (x[j]! - other[j]!) * Math.max(p, 1 - p))));

/**
 * (f(b) − f(b̃)) (½ − u) (Yin & Zhou 2019). With m = min(p, 1 − p), |½ − u| is uniform on [½ − m, ½] where b ≠ b̃, with the sign of b − b̃;
 * where b = b̃ it is uniform on [0, ½ − m], with either sign.
 */
export const augmented = (probs: readonly number[], f: Worth) => (samples: number): number[] => {
  const all = pairs(probs).map((pair) => ({ ...pair, difference: f(pair.x) - f(pair.other) }));
  return over(samples, probs.map((p, j) => {
    const m = Math.min(p, 1 - p);
    const squareApart = (0.125 - (0.5 - m) ** 3) / (3 * m);
    const squareAlike = (0.5 - m) ** 2 / 3;
    const truth = all.reduce((sum, { p: weight, x, other, difference }) => sum + weight * difference * (x[j]! - other[j]!) * (0.5 - m / 2), 0);
    const square = all.reduce((sum, { p: weight, x, other, difference }) => sum + weight * difference ** 2 * (x[j] === other[j] ? squareAlike : squareApart), 0);
    return square - truth ** 2;
  }));
};

/** Leave-one-out over n flips that avoid one another, over all 2ⁿ flips of each coin (Dimitriev & Zhou 2021). */
export const avoiding = (probs: readonly number[], f: Worth, n: number) => (samples: number): number[] => {
  const coins = probs.map((p) => Array.from({ length: 2 ** n }, (_, i) => {
    const rare = Array.from({ length: n }, (_, k) => (i >> k) & 1);
    return { p: exactly(n, Math.min(p, 1 - p), rare.reduce((a, b) => a + b, 0)), value: p > 0.5 ? rare.map((bit) => 1 - bit) : rare };
  }).filter(({ p }) => p > 0));
  const factor = probs.map((p) => debias(n, p) / (n - 1));
  return over(samples, variance(product(coins), ({ values }) => {
    const value = values[0]!.map((_, k) => f(values.map((coin) => coin[k]!)));
    const mean = value.reduce((a, b) => a + b, 0) / n;
    return factor.map((own, j) => own * value.reduce((sum, v, k) => sum + (v - mean) * values[j]![k]!, 0));
  }));
};

/** P(these of n flips show the rarer side and the others do not), by inclusion and exclusion. */
function exactly(n: number, s: number, count: number): number {
  let sum = 0;
  for (let k = count; k <= n; k++) sum += (-1) ** (k - count) * choose(n - count, k - count) * together(n, s, k);
  return Math.max(0, sum);
}
