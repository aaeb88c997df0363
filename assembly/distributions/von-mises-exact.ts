import { bessel, ratioSlope } from "../math/bessel";
import { sineOne } from "../math/once";
import { addAt, numberAt } from "../memory";
import { Row } from "./von-mises";

const HALF_PI: f64 = 1.5707963267948966;

/**
 * H = Σⱼ log 2π e^−κ I₀(κ) + κ (1 − A(κ)); ∂/∂log κ = −κ² A′(κ).
 *
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[2, batch, dim], added to with `sign`
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const kappa = numberAt(size, theta, Row.Kappa * tile + e);
    bessel(kappa, BESSEL);
    const gap = load<f64>(BESSEL, 8);
    addAt(size, value, e / dim, sign * (LOG_TWO_PI + load<f64>(BESSEL) + kappa * gap));
    addAt(size, gradient, batch * dim + e, -sign * kappa * (kappa * ratioSlope(kappa, gap)));
  }
}

/**
 * KL(p ‖ prior) = Σⱼ log I₀(κ₀) − log I₀(κ) + (κ₀ − κ)(1 − A) + 2 κ₀ A sin² ½d, the logarithms of e^−κ I₀(κ), A = A(κ), d the distance of the
 * locations. ∂/∂location = κ₀ A sin d, ∂/∂log κ = κ A′ (κ − κ₀ + 2 κ₀ sin² ½d).
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[2, batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const p = e % priorTile, kappa = numberAt(size, theta, Row.Kappa * tile + e), other = numberAt(size, prior, Row.Kappa * priorTile + p);
    bessel(other, BESSEL);
    const logOther = load<f64>(BESSEL);
    bessel(kappa, BESSEL);
    const gap = load<f64>(BESSEL, 8);
    const half = 0.5 * (numberAt(size, theta, Row.Location * tile + e) - numberAt(size, prior, Row.Location * priorTile + p));
    const sine = sineOne(half), lost = 2 * other * sine * sine;
    addAt(size, value, e / dim, sign * (logOther - load<f64>(BESSEL) + (other - kappa) * gap + lost * (1 - gap)));
    addAt(size, gradient, e, sign * other * (1 - gap) * 2 * sine * sineOne(half + HALF_PI));
    addAt(size, gradient, batch * dim + e, sign * kappa * ratioSlope(kappa, gap) * (kappa - other + lost));
  }
}

const LOG_TWO_PI: f64 = 1.8378770664093454;
const BESSEL = memory.data(16, 16);
