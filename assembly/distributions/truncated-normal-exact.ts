import { expOne } from "../math/once";
import { addAt, numberAt, setAt } from "../memory";
import { Part } from "./truncated-normal-theta";

/**
 * Means under the truncated normal by Gauss & Legendre's rule: 4 times 16 points where the density is more than exp(−40) of its largest.
 *
 * A rule and not the closed forms of moments in φ and Φ, which far out or for narrow intervals are small differences of large numbers: central
 * moments come out to 1e-13 wherever the interval lies.
 */
function place(size: i32, e: i32, tile: i32, theta: usize): void {
  const shift = part(size, Part.Shift, e, tile, theta), from = part(size, Part.From, e, tile, theta);
  const half = (part(size, Part.To, e, tile, theta) - from) / 8;
  let total: f64 = 0, mean: f64 = 0, square: f64 = 0;
  for (let i = 0; i < 64; ++i) {
    const node = i & 7, sign: f64 = i & 8 ? -1 : 1;
    const y = from + half * (<f64>(2 * (i >> 4) + 1) + sign * load<f64>(NODES + (<usize>node << 3)));
    const weight = load<f64>(WEIGHTS + (<usize>node << 3)) * expOne(-y * (shift + 0.5 * y));
    store<f64>(Y + (<usize>i << 3), y);
    store<f64>(W + (<usize>i << 3), weight);
    total += weight;
    mean += weight * y;
    square += weight * y * y;
  }
  for (let i: usize = 0; i < 512; i += 8) store<f64>(W + i, load<f64>(W + i) / total);
  store<f64>(MEANS, mean / total);
  store<f64>(MEANS, square / total, 8);
}

function part(size: i32, which: i32, e: i32, tile: i32, theta: usize): f64 {
  return numberAt(size, theta, which * tile + e);
}

/** Mean and variance; both T[batch, dim], written. */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    place(size, e, tile, theta);
    const scale = part(size, Part.Scale, e, tile, theta), centre = load<f64>(MEANS);
    let spread: f64 = 0;
    for (let i: usize = 0; i < 512; i += 8) spread += load<f64>(W + i) * (load<f64>(Y + i) - centre) * (load<f64>(Y + i) - centre);
    setAt(size, mean, e, part(size, Part.Anchor, e, tile, theta) + scale * centre);
    setAt(size, variance, e, scale * scale * spread);
  }
}

/**
 * value[b] += sign · Σⱼ −E[log p], gradient += sign · −E[log p · score], for E[score] = 0.
 *
 * @param value     T[batch], added to
 * @param gradient  T[2, batch, dim], added to
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  weigh(sizeof<T>(), batch, dim, tile, theta, 1, 0, -sign, value, gradient);
}

/**
 * value[b] += sign · KL(p ‖ prior), gradient += sign · E[(log p − log prior) · score]; the ends are the same for both.
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to
 * @param gradient   T[2, batch, dim], added to
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  weigh(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

/** factor · E[l], factor · E[l · score], l = log p, less log prior where there is one. */
function weigh(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, factor: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    place(size, e, tile, theta);
    const inverse = part(size, Part.Inverse, e, tile, theta), shift = part(size, Part.Shift, e, tile, theta);
    let sum: f64 = 0, first: f64 = 0, second: f64 = 0;
    for (let i: usize = 0; i < 512; i += 8) {
      const y = load<f64>(Y + i), centred = y - load<f64>(MEANS);
      let l = logAt(size, e, tile, theta, y);
      if (prior != 0) l -= logAt(size, e % priorTile, priorTile, prior, carried(size, e, tile, theta, e % priorTile, priorTile, prior, y));
      const weighted = load<f64>(W + i) * l;
      sum += weighted;
      first += weighted * inverse * centred;
      second += weighted * (2 * shift * centred + y * y - load<f64>(MEANS, 8));
    }
    addAt(size, value, e / dim, factor * sum);
    addAt(size, gradient, e, factor * first);
    addAt(size, gradient, batch * dim + e, factor * second);
  }
}

function logAt(size: i32, e: i32, tile: i32, theta: usize, y: f64): f64 {
  return part(size, Part.Level, e, tile, theta) - y * (part(size, Part.Shift, e, tile, theta) + 0.5 * y);
}

/** The same point from the prior's anchor. */
function carried(size: i32, e: i32, tile: i32, theta: usize, p: i32, priorTile: i32, prior: usize, y: f64): f64 {
  const inverse = part(size, Part.Inverse, p, priorTile, prior);
  const apart = part(size, Part.Anchor, e, tile, theta) - part(size, Part.Anchor, p, priorTile, prior);
  return apart * inverse + y * (part(size, Part.Scale, e, tile, theta) * inverse);
}

const Y = memory.data(512, 16);
const W = memory.data(512, 16);
const MEANS = memory.data(16, 16);
const NODES = memory.data<f64>([
  0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438,
  0.755404408355003, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
]);
const WEIGHTS = memory.data<f64>([
  0.18945061045506864, 0.18260341504492364, 0.16915651939500265, 0.1495959888165767,
  0.12462897125553407, 0.0951585116824926, 0.062253523938647456, 0.027152459411754176,
]);
