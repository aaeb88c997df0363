import { lane, stream } from "./stream.ts";
import { fraction64, half32, half64, unit32, unit64 } from "./unit.ts";
import { ziggurat } from "./ziggurat.ts";

export type Noise = "uniform" | "exponential" | "normal" | "gumbel" | "logistic" | "laplace" | "cauchy" | "fine";

export interface Chunk {
  readonly low: number;
  readonly high: number;
  readonly site: number;
  readonly chunk: number;
}

/** The first draws of standard noise of a chunk, by the words the kernel takes. */
export function standard(noise: Noise, precision: 32 | 64, count: number, { low, high, site, chunk }: Chunk): Float64Array {
  const bits = Uint32Array.from({ length: ((count + 7) & ~7) * (precision / 32) }, stream(low, high, site, chunk));
  if (precision === 32) return Float64Array.from({ length: count }, (_, i) => (noise === "normal" ? boxMuller(bits, i) : single(noise, bits[i]!)));
  const retry = lane(low, high, site, chunk, 8);
  return Float64Array.from({ length: count }, (_, i) => {
    const [lower, upper] = [bits[2 * i]!, bits[2 * i + 1]!];
    if (noise === "normal") return ziggurat(lower, upper, retry);
    if (noise === "exponential") return Math.max(-Math.log(fraction64(lower, upper)), 2 ** -54);
    return noise === "uniform" ? unit64(lower, upper) : of(noise, half64(lower, upper), upper >>> 31 === 1);
  });
}

const single = (noise: Noise, word: number): number => (noise === "uniform" ? unit32(word) : of(noise, half32(word), word >>> 31 === 1));

/** Noise of the uniform v, or of 1 − v in the upper half; what is alike on both sides is below 0 there. `fine` is exponential with both ends fine, in f64 too. */
function of(noise: Noise, v: number, upper: boolean): number {
  if (noise === "logistic") return (Math.log1p(-v) - Math.log(v)) * (upper ? -1 : 1);
  if (noise === "laplace") return -Math.log(2 * v) * (upper ? -1 : 1);
  if (noise === "cauchy") return (upper ? -1 : 1) / Math.tan(Math.PI * v);
  const exponential = upper ? -Math.log1p(-v) : -Math.log(v);
  return noise === "exponential" || noise === "fine" ? exponential : -Math.log(exponential);
}

/** Of each eight words four are radii, four angles (Box & Muller 1958). */
function boxMuller(bits: Uint32Array, i: number): number {
  const at = (i & ~7) + (i & 3);
  const radius = Math.sqrt(2 * single("exponential", bits[at]!));
  const angle = bits[at + 4]!;
  const turn = ((angle << 2) * 2 ** -32 * Math.PI) / 2;
  const exchanged = ((angle >>> 30) & 1) === 1;
  const wave = exchanged === ((i & 4) > 0) ? Math.cos(turn) : Math.sin(turn);
  return radius * wave * (angle >>> 31 === 1 ? -1 : 1);
}
