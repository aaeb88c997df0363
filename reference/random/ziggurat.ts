const LAYERS = 256;
const TAIL = 3.654152885361009;
/** The area of a layer over the density at the tail. */
const BASE = 3.910757959524916;

const density = (x: number): number => Math.exp((-x * x) / 2);

const EDGES = ((): Float64Array => {
  const edges = new Float64Array(LAYERS + 1);
  const area = BASE * density(TAIL);
  edges[0] = BASE;
  edges[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) edges[i] = Math.sqrt(-2 * Math.log(area / edges[i - 1]! + density(edges[i - 1]!)));
  return edges;
})();

/** A standard normal that begins with a 64-bit word; what is rejected takes more from the generator (Marsaglia & Tsang 2000). */
export function ziggurat(low: number, high: number, retry: () => number): number {
  for (;;) {
    const layer = low & 255;
    const x = signed(low, high) * EDGES[layer]!;
    if (Math.abs(x) < EDGES[layer + 1]!) return x;
    if (layer === 0) return tail(Math.sign(x), retry);
    const outer = density(EDGES[layer]!);
    if (outer + positive(retry) * (density(EDGES[layer + 1]!) - outer) < density(x)) return x;
    low = retry();
    high = retry();
  }
}

function tail(sign: number, retry: () => number): number {
  for (;;) {
    const first = -Math.log(positive(retry)) / TAIL;
    const second = -Math.log(positive(retry));
    if (first * first < 2 * second) return sign * (TAIL + first);
  }
}

/** In [−1, 1), the upper 53 bits. */
const signed = (low: number, high: number): number => ((high | 0) * 2 ** 21 + (low >>> 11)) * 2 ** -52;

/** In (0, 1], 63 bits of which the last is set. */
function positive(retry: () => number): number {
  const low = retry();
  const high = retry();
  return ((high >>> 1) * 2 ** 32 + ((((high & 1) << 31) | (low >>> 1) | 1) >>> 0)) * 2 ** -63;
}
