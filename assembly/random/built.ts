import { EDGE_CORRECTIONS, LAYER, LOGARITHM_CORRECTIONS } from "./tables";

/** Edges of the 256 layers of the normal ziggurat: its base's pseudo-width, where the tail begins, …, 0. */
export const ZIGGURAT = memory.data(257 * 8, 16);
/** 1 / c and −log(c / 2), c = 1 + i / 128. */
export const LOGARITHMS = memory.data(129 * 16, 16);

/**
 * Builds the two tables before their first use: 4 KiB of digits that no compression would shrink.
 *
 * Basic operations in one order, corrected to the nearest numbers (scripts/random_tables.py), so the bits are the same everywhere.
 */
@inline
export function tables(): void {
  if (load<f64>(ZIGGURAT) == 0) build();
}

/** Each layer's height exceeds the one before by area / x, and x² = −2 log height. */
function build(): void {
  for (let i = 0; i < 129; ++i) {
    const at = LOGARITHMS + (<usize>i << 4);
    store<f64>(at, 128 / <f64>(128 + i));
    store<f64>(at, corrected(twiceArtanh(<f64>(128 - i) / <f64>(384 + i)), LOGARITHM_CORRECTIONS + i), 8);
  }
  v128.store(ZIGGURAT, v128.load(LAYER));
  let x = load<f64>(LAYER, 8), height = load<f64>(LAYER, 24);
  for (let i = 0; i < 254; ++i) {
    const step = load<f64>(LAYER, 16) / x;
    x = corrected(sqrt<f64>(x * x - 2 * twiceArtanh(step / (height + height + step))), EDGE_CORRECTIONS + i);
    store<f64>(ZIGGURAT + (<usize>i << 3), x, 16);
    height += step;
  }
}

/** 2 artanh t = log((1 + t) / (1 − t)), 0 ≤ t < 0.36, by its series. */
function twiceArtanh(t: f64): f64 {
  const z = t * t;
  let sum: f64 = 0;
  for (let k = 41; k > 0; k -= 2) sum = sum * z + 1 / <f64>k;
  return 2 * t * sum;
}

@inline
function corrected(x: f64, units: usize): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) + <i64>load<i8>(units));
}
