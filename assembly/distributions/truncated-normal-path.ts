import { span } from "../lanes";
import { exp } from "../math/exp";
import { normalGap } from "../math/normal-gap";
import { pullBy, pushBy } from "../pages";
import { at, fraction, isIn, isUpper } from "./truncated-normal";
import { Middle, Mode, Narrow, Part, Tail } from "./truncated-normal-theta";

/**
 * Derivatives of x where u = (Φ(z) − Φ(a)) / (Φ(b) − Φ(a)) is held (Figurnov, Mohamed & Mnih 2018). With A = (1 − u) φ(a) / φ(z) and
 * B = u φ(b) / φ(z): ∂x/∂location = 1 − A − B, ∂x/∂logScale = scale · (z − A a − B b).
 */

/**
 * @param noise      T[rows, dim]: u, as `sample` keeps it
 * @param cotangent  T[rows, dim]
 * @param terms      T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, noise: usize, x: usize, cotangent: usize, terms: usize): void {
  pullBy<T>((from, count, tile, theta, noise, x, first, second) => slopes<T>(from, count, tile, theta, noise, x, first, second), rows, dim, tile, theta, noise, x, cotangent, terms);
}

/** The adjoint of `pull`: tangent is T[2, rows, dim], out T[rows, dim], written. */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, noise: usize, x: usize, tangent: usize, out: usize): void {
  pushBy<T>((from, count, tile, theta, noise, x, first, second) => slopes<T>(from, count, tile, theta, noise, x, first, second), rows, dim, tile, theta, noise, x, tangent, out);
}

function slopes<T>(from: i32, count: i32, tile: i32, theta: usize, noise: usize, x: usize, first: usize, second: usize): void {
  const one = v128.splat<T>(1);
  for (let phase = from % tile, done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done), to = span<T>(done);
    let own = theta + span<T>(phase);
    for (let i: usize = 0, end = span<T>(run); i < end; i += 16, own += 16) {
      const n = v128.load(noise + to + i), v = v128.abs<T>(n), upper = isUpper<T>(n, own, tile);
      const u = v128.bitselect(v128.sub<T>(one, v), v, upper), rest = v128.bitselect(v, v128.sub<T>(one, v), upper);
      const y = v128.mul<T>(v128.sub<T>(v128.load(x + to + i), at<T>(own, Part.Anchor, tile)), at<T>(own, Part.Inverse, tile));
      const inMiddle = isIn<T>(Mode.Middle, own, tile), inTail = isIn<T>(Mode.Tail, own, tile), inNarrow = isIn<T>(Mode.Narrow, own, tile);
      if (v128.any_true(inMiddle)) central<T>(u, rest, y, own, tile, inMiddle, first + to + i, second + to + i);
      if (v128.any_true(inTail)) outer<T>(u, y, own, tile, inTail, first + to + i, second + to + i);
      if (v128.any_true(inNarrow)) flat<T>(u, rest, own, tile, inNarrow, first + to + i, second + to + i);
    }
    done += run;
  }
}

/** Stores in the lanes of one mode. */
@inline
function put(to: usize, value: v128, lanes: v128): void {
  v128.store(to, v128.bitselect(value, v128.load(to), lanes));
}

@inline
function central<T>(u: v128, rest: v128, z: v128, own: usize, tile: i32, lanes: v128, first: usize, second: usize): void {
  const one = v128.splat<T>(1), square = v128.mul<T>(v128.mul<T>(v128.splat<T>(<T>0.5), z), z);
  const a = v128.mul<T>(rest, exp<T>(v128.add<T>(square, at<T>(own, Middle.HalfA, tile))));
  const b = v128.mul<T>(u, exp<T>(v128.add<T>(square, at<T>(own, Middle.HalfB, tile))));
  const moved = v128.sub<T>(v128.sub<T>(z, v128.mul<T>(a, at<T>(own, Middle.A, tile))), v128.mul<T>(b, at<T>(own, Middle.B, tile)));
  put(first, v128.sub<T>(v128.sub<T>(one, a), b), lanes);
  put(second, v128.mul<T>(at<T>(own, Part.Scale, tile), moved), lanes);
}

/**
 * A and B are what (1 − u) Q(a) + u Q(b) = Q(z) makes of them, A / λ(a) + B / λ(b) = 1 / λ(z) with the hazard λ, so that
 *
 *   1 − A − B = (λ(z) − λ(a)) / λ(z) − B (1 − λ(a) / λ(b)), z − A a − B b = (z λ(z) − a λ(a)) / λ(z) − B (b − a λ(a) / λ(b)):
 *
 * far out A is 1 but for 1 / a², and no difference of the two is taken.
 */
@inline
function outer<T>(u: v128, y: v128, own: usize, tile: i32, lanes: v128, first: usize, second: usize): void {
  const half = v128.splat<T>(<T>0.5), a = at<T>(own, Part.Shift, tile), gap = at<T>(own, Tail.Gap, tile);
  const z = v128.add<T>(a, y), g = normalGap<T>(z), hazard = v128.add<T>(z, g);
  const short = v128.sub<T>(y, at<T>(own, Part.Width, tile));
  const b = v128.mul<T>(u, exp<T>(v128.mul<T>(v128.mul<T>(half, short), v128.add<T>(z, at<T>(own, Tail.B, tile)))));
  const rise = v128.div<T>(v128.add<T>(y, v128.sub<T>(g, gap)), hazard);
  const bent = v128.add<T>(v128.mul<T>(y, v128.add<T>(z, a)), v128.sub<T>(v128.mul<T>(z, g), v128.mul<T>(a, gap)));
  put(first, v128.sub<T>(rise, v128.mul<T>(b, at<T>(own, Tail.RiseB, tile))), lanes);
  const moved = v128.sub<T>(v128.div<T>(bent, hazard), v128.mul<T>(b, at<T>(own, Tail.BendB, tile)));
  put(second, v128.mul<T>(at<T>(own, Part.Scale, tile), moved), lanes);
  if (sizeof<T>() == 4) brief<T>(y, own, tile, lanes, first, second);
}

/** In f32 the differences of the tail lose a short interval's digits; the series of a flat density keeps them. */
@inline
function brief<T>(y: v128, own: usize, tile: i32, lanes: v128, first: usize, second: usize): void {
  const width = at<T>(own, Part.Width, tile), alpha = v128.mul<T>(at<T>(own, Part.Shift, tile), width), most = v128.splat<T>(<T>0.2);
  const inside = v128.and(lanes, v128.and(v128.lt<T>(width, most), v128.lt<T>(v128.abs<T>(alpha), most)));
  if (!v128.any_true(inside)) return;
  level<T>(v128.div<T>(y, width), alpha, v128.mul<T>(width, width), v128.mul<T>(at<T>(own, Part.Scale, tile), width), inside, first, second);
}

@inline
function flat<T>(u: v128, rest: v128, own: usize, tile: i32, lanes: v128, first: usize, second: usize): void {
  level<T>(fraction<T>(u, rest, own, tile), at<T>(own, Narrow.Alpha, tile), at<T>(own, Narrow.Beta, tile), at<T>(own, Narrow.Length, tile), lanes, first, second);
}

/**
 * With t the way from the anchor, α = a · width and β = width² both small, the density on [0, 1] is ∝ exp(−α t − ½ β t²), and at one level of its
 * distribution function ∂t/∂α = t (1 − t) A, ∂t/∂β = t (1 − t) B, of which the series are taken to the second order (β counts as two):
 *
 *   A = −½ + α (1 − 2t) / 12 + α² t (1 − t) / 24 + β (1 + t − 3t²) / 24, B = −(1 + t) / 6 + α (1 − t − t²) / 24 + β (1 + t) (2 − 3t²) / 90;
 *
 * ∂x/∂location = −β t (1 − t) A, ∂x/∂logScale = −2 length t (1 − t) (α A + β B).
 */
@inline
function level<T>(t: v128, alpha: v128, beta: v128, length: v128, lanes: v128, first: usize, second: usize): void {
  const one = v128.splat<T>(1), two = v128.splat<T>(2), three = v128.splat<T>(3), share = v128.splat<T>(<T>0.041666666666666664);
  const left = v128.sub<T>(one, t), spread = v128.mul<T>(t, left), square = v128.mul<T>(t, t), next = v128.add<T>(one, t);
  const bent = v128.add<T>(v128.mul<T>(two, v128.sub<T>(left, t)), v128.mul<T>(alpha, spread));
  const steep = v128.add<T>(v128.mul<T>(alpha, bent), v128.mul<T>(beta, v128.sub<T>(next, v128.mul<T>(three, square))));
  const a = v128.sub<T>(v128.mul<T>(share, steep), v128.splat<T>(<T>0.5));
  const curved = v128.mul<T>(v128.mul<T>(beta, v128.splat<T>(<T>0.011111111111111112)), v128.sub<T>(two, v128.mul<T>(three, square)));
  const own = v128.mul<T>(next, v128.sub<T>(curved, v128.splat<T>(<T>0.16666666666666666)));
  const b = v128.add<T>(own, v128.mul<T>(v128.mul<T>(share, alpha), v128.sub<T>(left, square)));
  put(first, v128.neg<T>(v128.mul<T>(v128.mul<T>(beta, spread), a)), lanes);
  const moved = v128.mul<T>(v128.splat<T>(-2), v128.add<T>(v128.mul<T>(alpha, a), v128.mul<T>(beta, b)));
  put(second, v128.mul<T>(v128.mul<T>(length, spread), moved), lanes);
}
