import { trigammaOne } from "../math/gamma-functions";
import { expm1One, expOne } from "../math/once";
import { numberAt, setAt } from "../memory";
import { Coupling } from "../random/couples";
import { exponentialOne, gammaOne, gammasOpposed } from "../random/gamma";
import { tables } from "../random/built";
import { philox } from "../random/philox";
import { CHUNK } from "../random/stream";
import { WEAK } from "../random/use";
import { next, positive } from "../random/ziggurat";
import { Row } from "./gamma";

/**
 * Weak derivatives of the gamma family (Pflug 1989), G(α, r) the law of shape α and rate r:
 *
 *   ∂p/∂logRate = α (G(α, 1) − G(α + 1, 1)) / rate, for x p(x; α) = α p(x; α + 1)
 *   ∂p/∂log α = α² ψ′(α) (G(α + 1, R) − G(α, R)) / rate with a random R > 1
 *
 * For the second, log u − ψ(α) = ∫ ((1 + t)^−α − e^−ut) dt/t over t > 0 (Dirichlet), and e^−ut p(u; α) = (1 + t)^−α p(u; α, 1 + t): so ∂p/∂α is a
 * mixture of G(α, 1) − G(α, 1 + t), each of which is the integral of its derivative in the rate from 1 to 1 + t. With 1 + t = eˢ the density of
 * s is ∝ s e^−αs / (1 − e^−s), whose integral is ψ′(α), and log R is uniform on (0, s).
 *
 * G(α) = G(α + 1) e^(−E / α). The two share the draw of shape α + 1, or have opposite ones, or independent ones.
 *
 * @param entry       log α of coordinate j is j, the logarithm of the rate (or scale) is dim + j
 * @param coupling    of the two draws of shape α + 1
 * @param theta       as gammaPrepare writes it
 * @param x           T[rows, dim]
 * @param plus,minus  T[rows, dim], written: x, but for coordinate j
 * @param constant    T[rows], written
 */
export function draw<T>(
  low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, entry: i32, coupling: i32,
  x: usize, plus: usize, minus: usize, constant: usize,
): void {
  drawOf(sizeof<T>(), low, high, site, chunk, rows, dim, tile, theta, entry, coupling, x, plus, minus, constant);
}

function drawOf(
  size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, entry: i32, coupling: i32,
  x: usize, plus: usize, minus: usize, constant: usize,
): void {
  const ofRate = entry >= dim, j = ofRate ? entry - dim : entry;
  memory.copy(plus, x, <usize>rows * <usize>(dim * size));
  memory.copy(minus, x, <usize>rows * <usize>(dim * size));
  tables();
  for (let r = 0; r < rows; ++r) {
    if (r % CHUNK == 0) philox(low, high, 8, chunk + r / CHUNK, site, WEAK, STATE);
    const at = r * dim + j, p = <i32>((<u64>chunk * CHUNK * dim + at) % tile), alpha = numberAt(size, theta, p);
    const inverse = ofRate ? 1 : expOne(-positive(next(STATE)) * spread(alpha));
    if (coupling == Coupling.Antithetic) gammasOpposed(alpha + 1, STATE, PAIR);
    else {
      store<f64>(PAIR, gammaOne(alpha + 1, STATE));
      store<f64>(PAIR, coupling == Coupling.Same ? load<f64>(PAIR) : gammaOne(alpha + 1, STATE), 8);
    }
    const large = load<f64>(PAIR), other = load<f64>(PAIR, 8);
    const small = other * expOne(-exponentialOne(STATE) / alpha);
    place(size, tile, theta, p, inverse * (ofRate ? small : large), plus, at);
    place(size, tile, theta, p, inverse * (ofRate ? large : small), minus, at);
    setAt(size, constant, r, ofRate ? alpha : 1 + alpha * (alpha * trigammaOne(alpha + 1))); // α² ψ′(α)
  }
}

/** s: of (1 + s) e^−αs, a mixture of two Erlang laws, accepted by s / (1 − e^−s) / (1 + s), which is between 0.79 and 1. */
function spread(alpha: f64): f64 {
  for (;;) {
    const both = positive(next(STATE)) * (1 + alpha) > alpha;
    const s = (exponentialOne(STATE) + (both ? exponentialOne(STATE) : 0)) / alpha;
    if (s > 1e9 || positive(next(STATE)) * (1 + s) * -expm1One(-s) < s) return s;
  }
  return 0;
}

/** The draw that u makes, above 0 and finite. */
function place(size: i32, tile: i32, theta: usize, p: i32, u: f64, out: usize, at: i32): void {
  const factor = numberAt(size, theta, Row.Factor * tile + p), inverse = numberAt(size, theta, Row.Boosted * tile + 1) < 0;
  const least: f64 = size == 4 ? 1.401298464324817e-45 : 5e-324, most = size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE;
  setAt(size, out, at, max<f64>(least, min<f64>(most, inverse ? factor / u : factor * u)));
}

const STATE = memory.data(16, 16);
const PAIR = memory.data(16, 16);
