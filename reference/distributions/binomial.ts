import { lgamma } from "../math/lgamma.ts";

/** A binomial count by its log-odds. */

const probability = (logit: number): number => 1 / (1 + Math.exp(-logit));
const logSigmoid = (logit: number): number => Math.min(0, logit) - Math.log1p(Math.exp(-Math.abs(logit)));

export function logProb(x: number, count: number, logit: number): number {
  const choose = lgamma(count + 1) - lgamma(x + 1) - lgamma(count - x + 1);
  return choose + (x && x * logSigmoid(logit)) + (count - x && (count - x) * logSigmoid(-logit));
}

/** ∂ log p/∂logit. */
export const score = (x: number, count: number, logit: number): number => x - count * probability(logit);

/** By inversion where fewer than 10 are expected, then BTRS (Hörmann 1993), one draw at a time. */
export function sample(uniform: () => number, count: number, p: number): number {
  if (p > 0.5) return count - sample(uniform, count, 1 - p);
  return count * p < 10 ? invert(uniform(), count, p) : reject(uniform, count, p);
}

function invert(u: number, count: number, p: number): number {
  const odds = p / (1 - p);
  let [k, term] = [0, Math.exp(count * Math.log1p(-p))];
  for (let sum = term; sum <= u && k < count && term > 1e-17; sum += term) term *= (odds * (count - k)) / ++k;
  return k;
}

function reject(uniform: () => number, count: number, p: number): number {
  const deviation = Math.sqrt(count * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const squeeze = 0.92 - 4.2 / b;
  const mode = Math.floor((count + 1) * p);
  const logOdds = Math.log(p / (1 - p));
  const most = lgamma(mode + 1) + lgamma(count - mode + 1);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const rim = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / rim + b) * u + count * p + 0.5);
    if (rim >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > count) continue;
    const log = most - lgamma(k + 1) - lgamma(count - k + 1) + (k - mode) * logOdds;
    if (Math.log((v * alpha) / (a / (rim * rim) + b)) <= log) return k;
  }
}
