import { exp64, sine64, sineOne } from "./once";
import { both, dropOf, nodesOf, pairsOf, reach, weightOf } from "./quadrature";

/**
 * dx/dκ of x ~ von Mises(0, κ), 0 ≤ x ≤ π, at one level of its distribution function F, which is ½ at 0 (Figurnov, Mohamed & Mnih 2018).
 *
 * −∫ exp(κ (cos t − cos x)) |cos t − A(κ)| dt from 0 to x where cos x > A, else from x to π; cos t = 1 − 2 sin² ½t.
 *
 * @param gap  1 − A(κ)
 */
export function vonMisesSlope(size: i32, kappa: f64, x: f64, gap: f64): f64 {
  const sine = sineOne(0.5 * x), height = sine * sine;
  const inner = gap > 2 * height;
  const length = inner ? x : lengthOf(kappa, x, height, dropOf(size));
  const start = inner ? 0 : x;
  let sum = f64x2.splat(0);
  for (let i = 0; i < pairsOf(size); ++i) {
    const t = f64x2.add(f64x2.splat(start), f64x2.mul(f64x2.splat(length), nodesOf(size, i)));
    const half = sine64(f64x2.mul(f64x2.splat(0.5), t)), square = f64x2.mul(half, half);
    const density = exp64(f64x2.mul(f64x2.splat(2 * kappa), f64x2.sub(f64x2.splat(height), square)));
    const score = f64x2.abs(f64x2.sub(f64x2.splat(gap), f64x2.add(square, square)));
    sum = f64x2.add(sum, f64x2.mul(weightOf(size, i), f64x2.mul(score, density)));
  }
  return -length * both(sum);
}

const PI: f64 = 3.141592653589793;

/** Where φ(s) = 2κ (sin² ½(x + s) − sin² ½x) is `drop`, but not beyond π − x. */
function lengthOf(kappa: f64, x: f64, height: f64, drop: f64): f64 {
  const room = PI - x, slope = kappa * sineOne(x);
  let s = min<f64>(room, reach(slope, max<f64>(0, kappa * sineOne(x + 0.5 * PI)), drop));
  for (let step = 0; step < 2; ++step) {
    const sine = sineOne(0.5 * (x + s)), rest = 2 * kappa * (sine * sine - height) - drop;
    if (rest < 0 && s >= room) break;
    s = min<f64>(room, s - rest / (kappa * sineOne(x + s)));
  }
  return s;
}
