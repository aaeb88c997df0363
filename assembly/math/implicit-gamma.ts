import { exp64, expm164, expm1One, logOne } from "./once";
import { both, dropOf, nodesOf, pairsOf, reach, weightOf } from "./quadrature";

/**
 * d log u / d log α of u ~ Gamma(α, 1) at one level of its distribution function F: −α (∂F/∂α) / (u p(u)) (Figurnov, Mohamed & Mnih 2018).
 *
 * Below ½ (α + 1): F = u^α e^−u Σₖ uᵏ / (α + 1)ₖ / Γ(α + 1), differentiated term by term. Else the quadrature, t = u exp(±s):
 * α ∫ (|c| + s) exp(±α s − u (exp(±s) − 1)) ds, c = log u − ψ(α) and the sign that of c.
 *
 * @param ratio  u / α
 * @param gap    log α − ψ(α)
 */
export function gammaElasticity(size: i32, alpha: f64, ratio: f64, gap: f64): f64 {
  const u = alpha * ratio, c = logOne(ratio) + gap;
  if (u < 0.5 * (alpha + 1)) return fromBelow(alpha, u, c);
  if (alpha > 1e9) return 0.5 + 0.5 / ratio;
  const sign: f64 = c < 0 ? -1 : 1, length = lengthOf(sign, alpha, u, dropOf(size));
  const distance = f64x2.splat(abs(c)), factor = f64x2.splat(length), minus = f64x2.splat(-u);
  const sides = f64x2.splat(sign), exponent = f64x2.splat(alpha);
  let sum = f64x2.splat(0);
  for (let i = 0; i < pairsOf(size); ++i) {
    const s = f64x2.mul(factor, nodesOf(size, i)), e = f64x2.mul(sides, s);
    const density = exp64(f64x2.add(f64x2.mul(exponent, e), f64x2.mul(minus, expm164(e))));
    sum = f64x2.add(sum, f64x2.mul(weightOf(size, i), f64x2.mul(f64x2.add(distance, s), density)));
  }
  return alpha * length * both(sum);
}

function fromBelow(alpha: f64, u: f64, c: f64): f64 {
  let term: f64 = 1, inverses: f64 = 0, sum: f64 = 1, derivative: f64 = 0;
  for (let k = alpha + 1; ; k += 1) {
    const inverse = 1 / k;
    term *= u * inverse;
    inverses += inverse;
    sum += term;
    derivative += term * inverses;
    if (!(term * (1 + inverses) > 1e-10 * sum)) break;
  }
  return sum * (1 / alpha - c) + derivative;
}

/** Where φ(s) = u (exp(±s) − 1) ∓ α s is `drop`: Newton's method on a convex function. */
function lengthOf(sign: f64, alpha: f64, u: f64, drop: f64): f64 {
  let s = reach(max<f64>(0, sign * (u - alpha)), u, drop);
  if (sign < 0) s = max<f64>(s, drop / alpha);
  for (let step = 0; step < 2; ++step) {
    const grown = u * expm1One(sign * s);
    s -= (grown - sign * alpha * s - drop) / (sign * (grown + u - alpha));
  }
  return s;
}
