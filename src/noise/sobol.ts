import { decodeBase64 } from "../core/base64.ts";
import { integer, onlyOptions, wrongValue } from "../errors.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";
import { DIMENSIONS, packed } from "./direction-numbers.ts";
import { MOST_POINTS } from "./stratified.ts";

/**
 * Sobol' points under nested uniform scrambling: randomised quasi-Monte Carlo.
 *
 * Of 2ᵐ points, every elementary interval of the first coordinates has its due number, and each coordinate alone one in each of 2ᵐ
 * intervals. Where f is smooth in the uniforms the variance falls as points⁻³ up to logarithms (as points⁻²·⁵ for sin of a normal), and it is
 * for no f more than a constant times that of independent points. Sobol' 1967; direction numbers of Joe & Kuo 2008; scrambling of Owen 1995, exact to all bits.
 *
 * @param points  of one set, a power of two in 2 … 65,536: the evaluations of f to a sample
 * @throws {RangeError} if `points` is not; when bound, if the family takes more than 256 uniforms
 */
export function sobol(options: { readonly points: number }): Noise {
  onlyOptions("sobol", options, ["points"]);
  const points = integer("sobol", "points", options?.points, 2, MOST_POINTS);
  const bits = 31 - Math.clz32(points);
  if (points !== 2 ** bits) throw wrongValue("sobol", "points", "a power of two", points, "Other numbers of points are not balanced.");
  return {
    name: "sobol",
    points,
    bind: ({ region, sets, dims }) => {
      region.need([estimators]);
      if (dims > DIMENSIONS) throw wrongValue("sobol", "the uniforms of one draw", `at most ${DIMENSIONS}`, dims, "Use halton(), or stratified().");
      const cells = region.reserve(dims * points, "f32");
      const words = region.reserve(2 * points + 8, "f32");
      const tree = region.reserve(2 * points, "f32");
      return {
        begin: () => new Uint32Array(region.core.heap.buffer(), cells.at, dims * points).set(cellsOf(dims, bits)),
        fill: (kernels, { key, site }, out) =>
          kernels.pointSetsScrambled(key.low, key.high, site, bits, sets, dims, cells.at, words.at, tree.at, out),
      };
    },
  };
}

/** The first `bits` binary digits of the first 2^bits Sobol' points, `[dims, points]`. */
export function cellsOf(dims: number, bits: number): Uint32Array {
  const points = 2 ** bits;
  const cells = new Uint32Array(dims * points);
  const directions = directionNumbers(dims, bits);
  for (let dim = 0; dim < dims; dim++) {
    const own = cells.subarray(dim * points, (dim + 1) * points);
    // Point i differs from the point without i's last set bit by that bit's direction.
    for (let i = 1; i < points; i++) own[i] = own[i & (i - 1)]! ^ directions[dim * bits + (31 - Math.clz32(i & -i))]!;
  }
  return cells;
}

/** mₖ · 2^(bits − k) for k = 1 … bits of each dimension: by the recurrence of its polynomial, from the initial mₖ. */
function directionNumbers(dims: number, bits: number): Uint32Array {
  const out = new Uint32Array(dims * bits);
  const read = reader(packed);
  for (let dim = 0; dim < dims; dim++) {
    const m: number[] = [];
    if (dim === 0) for (let k = 0; k < bits; k++) m.push(1);
    else {
      const degree = read(4);
      const inner = read(degree - 1);
      for (let k = 1; k <= degree; k++) m.push(2 * read(k - 1) + 1);
      for (let k = degree; k < bits; k++) m.push(next(m, degree, inner));
    }
    for (let k = 1; k <= bits; k++) out[dim * bits + k - 1] = m[k - 1]! * 2 ** (bits - k);
  }
  return out;
}

/** mₖ = 2 a₁ mₖ₋₁ ⊕ 2² a₂ mₖ₋₂ ⊕ … ⊕ 2ˢ mₖ₋ₛ ⊕ mₖ₋ₛ */
function next(m: readonly number[], degree: number, inner: number): number {
  const back = (i: number): number => m[m.length - i]!;
  let number = back(degree) ^ (back(degree) << degree);
  for (let i = 1; i < degree; i++) if ((inner >> (degree - 1 - i)) & 1) number ^= back(i) << i;
  return number;
}

/** Reads bits, most significant first. */
function reader(base64: string): (bits: number) => number {
  const bytes = decodeBase64(base64);
  let at = 0;
  return (bits) => {
    let number = 0;
    for (const end = at + bits; at < end; at++) number = 2 * number + ((bytes[at >> 3]! >> (7 - (at & 7))) & 1);
    return number;
  };
}
