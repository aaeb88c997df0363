import { span } from "../lanes";
import { exp, expOrZero, log } from "../math/vectors";
import { numberAt, setAt } from "../memory";

// Every row of x is asked of `count` components: what they say is T[rows, count], and πₖ are those of `choice`, a θ as categoricalPrepare writes it:
// log πₖ, then πₖ, both [batch, stride], stride a whole number of fours. (Its own file would bring the tables of its sampler along.)
const enum Part { LogProbs, Probs }

@inline
function strideOf(count: i32): i32 {
  return (count + 3) & -4;
}

@inline
function part<T>(choice: usize, which: Part, batch: i32, count: i32): usize {
  return choice + span<T>(<i32>which * batch * strideOf(count));
}

/** out[r, k] = x[r] for each component k. x is T[rows, dim], out T[rows, count, dim], written. */
export function spread<T>(rows: i32, count: i32, dim: i32, x: usize, out: usize): void {
  const width = span<T>(dim);
  for (let r = 0; r < rows; ++r, x += width) {
    if (dim == 1) for (let k = 0, value = load<T>(x); k < count; ++k, out += sizeof<T>()) store<T>(out, value);
    else for (let k = 0; k < count; ++k, out += width) memory.copy(out, x, width);
  }
}

/** x[r] = each[r, chosen[r]]. `each` is T[rows, count, dim], x T[rows, dim], written. */
export function choose<T>(rows: i32, count: i32, dim: i32, chosen: usize, each: usize, x: usize): void {
  const width = span<T>(dim);
  for (let r = 0; r < rows; ++r, x += width, each += width * count, chosen += sizeof<T>()) {
    const from = each + width * <usize>load<T>(chosen);
    if (dim == 1) store<T>(x, load<T>(from));
    else memory.copy(x, from, width);
  }
}

/** out[r, j] += Σₖ each[r, k, j]. `each` is T[rows, count, dim], out T[rows, dim]. */
export function gather<T>(rows: i32, count: i32, dim: i32, each: usize, out: usize): void {
  const width = span<T>(dim);
  for (let r = 0; r < rows; ++r, out += width) {
    for (let k = 0; k < count; ++k, each += width) {
      for (let at: usize = 0; at < width; at += sizeof<T>()) store<T>(out + at, load<T>(out + at) + load<T>(each + at));
    }
  }
}

/**
 * logTotal[r] = log Σₖ πₖ exp(each[r, k]), and each[r, k] becomes that component's share of the sum: 0 for all where the sum is 0.
 *
 * @param each      T[rows, count], changed; whole vectors
 * @param work      T[rows], whole vectors
 * @param logTotal  T[rows], written
 */
export function share<T>(rows: i32, batch: i32, count: i32, choice: usize, each: usize, work: usize, logTotal: usize): void {
  for (let r = 0, at = each, own = logTotal; r < rows; ++r, own += sizeof<T>()) {
    const most = weighed<T>(count, rowOf<T>(choice, Part.LogProbs, batch, count, r), at);
    const shift: T = most == <T>-Infinity ? 0 : most;
    for (const end = at + span<T>(count); at < end; at += sizeof<T>()) store<T>(at, load<T>(at) - shift);
    store<T>(own, shift);
  }
  expOrZero<T>(rows * count, each, each);
  for (let r = 0, at = each, total = work; r < rows; ++r, total += sizeof<T>()) {
    const end = at + span<T>(count);
    let sum: T = 0;
    for (let from = at; from < end; from += sizeof<T>()) sum += load<T>(from);
    store<T>(total, sum);
    for (const factor: T = sum > 0 ? <T>1 / sum : 0; at < end; at += sizeof<T>()) store<T>(at, load<T>(at) * factor);
  }
  log<T>(rows, work, work);
  for (let at: usize = 0; at < span<T>(rows); at += sizeof<T>()) store<T>(logTotal + at, load<T>(logTotal + at) + load<T>(work + at));
}

/** Adds log πₖ to each; the largest of what it makes. */
@inline
function weighed<T>(count: i32, logProbs: usize, each: usize): T {
  let most = <T>-Infinity;
  for (let at: usize = 0; at < span<T>(count); at += sizeof<T>()) {
    const sum = load<T>(each + at) + load<T>(logProbs + at);
    store<T>(each + at, sum);
    if (sum > most) most = sum;
  }
  return most;
}

@inline
function rowOf<T>(choice: usize, which: Part, batch: i32, count: i32, r: i32): usize {
  const first = part<T>(choice, which, batch, count);
  return batch == 1 ? first : first + span<T>(r % batch * strideOf(count)); // a division a row is felt
}

/** out[r, k] = each[r, k] − πₖ. Both T[rows, count]. */
export function offCentre<T>(rows: i32, batch: i32, count: i32, choice: usize, each: usize, out: usize): void {
  for (let r = 0; r < rows; ++r) {
    const probs = rowOf<T>(choice, Part.Probs, batch, count, r);
    for (let at: usize = 0; at < span<T>(count); at += sizeof<T>(), each += sizeof<T>(), out += sizeof<T>()) {
      store<T>(out, load<T>(each) - load<T>(probs + at));
    }
  }
}

/** each[r, k] *= coefficient[r] */
export function scale<T>(rows: i32, count: i32, coefficient: usize, each: usize): void {
  for (let r = 0; r < rows; ++r, coefficient += sizeof<T>()) {
    const factor = load<T>(coefficient);
    for (const end = each + span<T>(count); each < end; each += sizeof<T>()) store<T>(each, load<T>(each) * factor);
  }
}

/** out[r] += Σₖ a[r, k] b[r, k] */
export function dot<T>(rows: i32, count: i32, a: usize, b: usize, out: usize): void {
  for (let r = 0; r < rows; ++r, out += sizeof<T>()) {
    let sum = load<T>(out);
    for (const end = a + span<T>(count); a < end; a += sizeof<T>(), b += sizeof<T>()) sum += load<T>(a) * load<T>(b);
    store<T>(out, sum);
  }
}

/**
 * out[r, k] = ∂x/∂logitₖ = −πₖ (Fₖ − F) / p at x = x[r], F = Σ πⱼ Fⱼ.
 *
 * In the upper half by 1 − F, as πₖ ((1 − Fₖ) − (1 − F)) / p: neither tail loses its digits. Where the components lie so far apart that
 * F / p overflows between them, where no draw falls, it is held at e⁷⁰⁰ (f32: e⁸⁰).
 *
 * @param logProb       T[rows]: log p
 * @param below, above  T[rows, count]: log Fₖ, log(1 − Fₖ), changed; whole vectors
 * @param out           T[rows, count], written
 */
export function slopes<T>(rows: i32, batch: i32, count: i32, choice: usize, logProb: usize, below: usize, above: usize, out: usize): void {
  overDensity<T>(rows, count, logProb, below);
  overDensity<T>(rows, count, logProb, above);
  const width = span<T>(count);
  for (let r = 0; r < rows; ++r, below += width, above += width, out += width) {
    const probs = rowOf<T>(choice, Part.Probs, batch, count, r);
    let lower: T = 0, upper: T = 0;
    for (let at: usize = 0; at < width; at += sizeof<T>()) {
      lower += load<T>(probs + at) * load<T>(below + at);
      upper += load<T>(probs + at) * load<T>(above + at);
    }
    for (let at: usize = 0; at < width; at += sizeof<T>()) {
      const gap = lower <= upper ? lower - load<T>(below + at) : load<T>(above + at) - upper;
      store<T>(out + at, load<T>(probs + at) * gap);
    }
  }
}

/** each[r, k] = exp(each[r, k] − logProb[r]) */
function overDensity<T>(rows: i32, count: i32, logProb: usize, each: usize): void {
  const most: T = sizeof<T>() == 4 ? 80 : 700;
  for (let r = 0, at = each; r < rows; ++r, logProb += sizeof<T>()) {
    for (const end = at + span<T>(count), own = load<T>(logProb); at < end; at += sizeof<T>()) {
      const difference = load<T>(at) - own;
      store<T>(at, difference < most ? difference : most);
    }
  }
  exp<T>(rows * count, each, each);
}

/**
 * mean = Σ πₖ μₖ, variance = Σ πₖ (σₖ² + (μₖ − mean)²); impossible components have no say.
 *
 * @param means, variances  T[batch, count, dim]: those of the components
 * @param mean, variance    T[batch, dim], written
 */
export function moments<T>(batch: i32, count: i32, dim: i32, choice: usize, means: usize, variances: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch, count, dim, part<T>(choice, Part.Probs, batch, count), means, variances, mean, variance);
}

function momentsOf(size: i32, batch: i32, count: i32, dim: i32, probs: usize, means: usize, variances: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const b = e / dim, first = b * count * dim + e % dim, row = b * strideOf(count);
    let centre: f64 = 0, spread: f64 = 0;
    for (let k = 0; k < count; ++k) {
      const weight = numberAt(size, probs, row + k);
      if (weight > 0) centre += weight * numberAt(size, means, first + k * dim);
    }
    for (let k = 0; k < count; ++k) {
      const weight = numberAt(size, probs, row + k);
      if (weight == 0) continue;
      const off = numberAt(size, means, first + k * dim) - centre;
      spread += weight * (numberAt(size, variances, first + k * dim) + off * off);
    }
    setAt(size, mean, e, centre);
    setAt(size, variance, e, spread);
  }
}
