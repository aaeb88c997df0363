/** Antithetic pairs of a choice by its sticks (Dong, Mnih & Tucker 2021), coin by coin. */
export interface Sticks {
  /** Categories, the most probable first. */
  readonly order: readonly number[];
  /** The place of each category in that order. */
  readonly place: readonly number[];
  /** αₖ = pₖ / (pₖ + Rₖ), in order. */
  readonly alpha: readonly number[];
  /** Rₖ: what comes later. */
  readonly rest: readonly number[];
}

export function sticks(p: ArrayLike<number>): Sticks {
  const order = Array.from(p, (_, k) => k).sort((a, b) => p[b]! - p[a]! || a - b);
  const rest = order.map(() => 0);
  for (let k = order.length - 2; k >= 0; k--) rest[k] = rest[k + 1]! + p[order[k + 1]!]!;
  const alpha = order.map((category, k) => (p[category]! > 0 ? p[category]! / (p[category]! + rest[k]!) : 0));
  const place = order.map(() => 0);
  order.forEach((category, k) => (place[category] = k));
  return { order, place, alpha, rest };
}

/** One pair: places of the first coin that shows 1, by u and by 1 − u. */
export function pair(uniform: () => number, { alpha }: Sticks): [number, number] {
  const last = alpha.length - 1;
  let [own, other] = [-1, -1];
  for (let k = 0; k < last && (own < 0 || other < 0); k++) {
    const u = uniform();
    if (own < 0 && u < alpha[k]!) own = k;
    if (other < 0 && 1 - u < alpha[k]!) other = k;
  }
  return [own < 0 ? last : own, other < 0 ? last : other];
}

/** terms += ½ difference · (M eᵢ − eⱼ + (1 − M) p / Rᵢ beyond i), i and j the places of the pair, and its mirror image. */
export function disarm(p: ArrayLike<number>, { order, alpha, rest }: Sticks, own: number, other: number, difference: number, terms: Float64Array, at = 0): void {
  if (own === other) return;
  const [i, j] = [Math.min(own, other), Math.max(own, other)];
  const half = (own < other ? difference : -difference) / 2;
  const larger = Math.max(alpha[i]!, 1 - alpha[i]!);
  terms[at + order[i]!]! += half * larger;
  terms[at + order[j]!]! -= half;
  if (rest[i] === 0) return;
  for (let k = i + 1; k < order.length; k++) terms[at + order[k]!]! += (half * (1 - larger) * p[order[k]!]!) / rest[i]!;
}

/** How often a pair of places (i, j) comes: the product over its coins. */
export function probability({ alpha }: Sticks, i: number, j: number): number {
  const [first, second, last] = [Math.min(i, j), Math.max(i, j), alpha.length - 1];
  let product = 1;
  const coin = (k: number): number => (k === last ? 1 : alpha[k]!);
  for (let k = 0; k < first; k++) product *= Math.max(0, 1 - 2 * coin(k));
  if (first === second) return product * Math.max(0, 2 * coin(first) - 1);
  product *= Math.min(coin(first), 1 - coin(first));
  for (let k = first + 1; k < second; k++) product *= 1 - coin(k);
  return product * coin(second);
}
