/**
 * Prepared θ of counts, f64[…, stride] in both precisions: what depends on a parameter alone is computed once, and in f64, so that a mean of 10⁹
 * is no more wrong than its parameter. First what every family of counts has, then what `draws` takes of a Poisson or binomial count.
 */
export const enum Part {
  /** ∂ log p/∂θ = Slope · x + Offset, θ the parameter whose score is linear. */
  Slope, Offset, Mean, Variance,
  /** What is missing to a binomial count has a mean of its own; for a Poisson count, 1 / α of the hat. */
  Other,
  /** The proposal k = ⌊(2 Spread / (½ − |u|) + Width) u + Centre⌋, and its rejection. Nothing is rejected of what has no Spread. */
  Spread, Width, Centre, Squeeze, Level,
  /** P(k = 0), or 0 for what is not inverted, and P(k) / P(k − 1) = Rise / k − Fall. */
  First, Rise, Fall,
  /** x = Shift + Sign · k, k and x at most Limit. */
  Limit, Sign, Shift,
  /** How many they are. */
  Count,
}

/** Bytes of one number. */
const BYTES: i32 = 3;

/** Where a part begins. */
@inline
export function partOf(theta: usize, which: i32, stride: i32): usize {
  return theta + (<usize>(which * stride) << BYTES);
}
