import { digammaGap } from "./gamma-functions";
import { gammaElasticity } from "./implicit-gamma";
import { exp64, expm164, expm1One, log1p64, log1pOne, logOne } from "./once";
import { both, dropOf, nodesOf, pairsOf, reach, weightOf } from "./quadrature";

/**
 * a · dx/da of x ~ Beta(a, b) at one level of its distribution function F (Figurnov, Mohamed & Mnih 2018); b · dx/db is −(the same of y, b, a).
 *
 * Far below or above the mean: F = xᵃ yᵇ Σₖ (a + b)ₖ / (a + 1)ₖ xᵏ / (a B), or the same of 1 − F, differentiated term by term. Between: the
 * quadrature over the log-odds ±s from those of x.
 *
 * @param y     1 − x, with its own relative accuracy
 * @param step  ψ(a + b) − ψ(a)
 */
export function betaStep(size: i32, a: f64, b: f64, x: f64, y: f64, step: f64): f64 {
  const n = a + b;
  const c = (x > 0.5 ? log1pOne(-y) : logOne(x)) + step;
  if (x * (b + 1) <= y * (a + 1)) {
    if (n < 4 || x * n < 0.5 * (a + 1)) return x * y * fromBelow(a, b, x, c);
  } else if (n < 4 || y * n < 0.5 * (b + 1)) return a * x * (y / b) * fromAbove(n, b, y, c);
  if (n > 1e14) return b > 1e7 * a ? x * gammaElasticity(size, a, n * x / a, digammaGap(a)) : x * y;
  return a * x * y * (c > 0 ? between(size, a, b, x, x * y, c) : between(size, b, a, y, x * y, c));
}

function fromBelow(a: f64, b: f64, x: f64, c: f64): f64 {
  let term: f64 = 1, inverses: f64 = 0, sum: f64 = 1, derivative: f64 = 0;
  for (let k: f64 = 0; ; k += 1) {
    const n = a + b + k, inverse = 1 / (a + 1 + k);
    term *= x * n * inverse;
    inverses += (b - 1) * inverse / n;
    sum += term;
    derivative += term * inverses;
    if (!(term * (1 + abs(inverses)) > 1e-11 * sum)) break;
  }
  return sum * (1 / a - c) + derivative;
}

/** Of 1 − F, whose series in y has b for a. */
function fromAbove(n: f64, b: f64, y: f64, c: f64): f64 {
  let term: f64 = 1, inverses: f64 = 0, sum: f64 = 1, derivative: f64 = 0;
  for (let k: f64 = 0; ; k += 1) {
    term *= y * (n + k) / (b + 1 + k);
    inverses += 1 / (n + k);
    sum += term;
    derivative += term * inverses;
    if (!(term * (1 + inverses) > 1e-11 * sum)) break;
  }
  return sum * c + derivative;
}

/**
 * ∫ |log t + c − log x| exp(p s − (p + q) g) ds, g = log(1 + z (eˢ − 1)): away from x towards the end where the weight is q.
 *
 * To the right (c > 0) log t − log x is s − g, to the left −g.
 */
function between(size: i32, p: f64, q: f64, z: f64, product: f64, c: f64): f64 {
  const n = p + q, length = lengthOf(p, q, z, product, dropOf(size));
  const distance = f64x2.splat(abs(c)), factor = f64x2.splat(length), at = f64x2.splat(z);
  let sum = f64x2.splat(0);
  for (let i = 0; i < pairsOf(size); ++i) {
    const s = f64x2.mul(factor, nodesOf(size, i));
    const g = log1p64(f64x2.mul(at, expm164(s)));
    const density = exp64(f64x2.sub(f64x2.mul(f64x2.splat(p), s), f64x2.mul(f64x2.splat(n), g)));
    const score = f64x2.add(distance, c > 0 ? f64x2.sub(s, g) : g);
    sum = f64x2.add(sum, f64x2.mul(weightOf(size, i), f64x2.mul(score, density)));
  }
  return length * both(sum);
}

/** Where φ(s) = n log(1 + z (eˢ − 1)) − p s is `drop`. */
function lengthOf(p: f64, q: f64, z: f64, product: f64, drop: f64): f64 {
  const n = p + q;
  let s = max<f64>(drop / q, reach(max<f64>(0, n * z - p), n * product, drop));
  for (let step = 0; step < 2; ++step) {
    const grown = z * expm1One(s);
    s -= (n * log1pOne(grown) - p * s - drop) / (n * (z + grown) / (1 + grown) - p);
  }
  return s;
}
