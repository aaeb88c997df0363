/** Point sets, and draws of families from uniforms that are given: kernels alone. */
import { quantiles } from "../reference/distributions/quantiles.ts";
import { type Precision, sharedCore } from "../src/core/core.ts";
import { region } from "../src/core/region.ts";
import { gumbel, halton, key, type Noise, normal, sobol, stratified } from "../src/index.ts";
import { cellsOf } from "../src/noise/sobol.ts";
import { arrayOf, reserveTheta } from "../src/parameters.ts";
import type { Case, Floats } from "./case.ts";
import { next, unit } from "./random.ts";

const [SETS, BITS, DIMS] = [16, 6, 64];
const POINTS = 2 ** BITS;
const elements = SETS * POINTS * DIMS;
const stream = { key: key(1), site: 0, chunk: 0 };

/** A way to give each point of one coordinate its cell. */
type Order = (coordinate: number, order: Int32Array) => number;

const cells = cellsOf(DIMS, BITS);
const tree = new Int32Array(POINTS);

const ofSobol: Order = (coordinate, order) => {
  tree[0] = 0;
  for (let d = 1; d < POINTS; d *= 2) {
    for (let k = d - 1; k >= 0; k--) {
      const flip = next() & 1;
      const above = 2 * tree[k]!;
      tree[2 * k] = above | flip;
      tree[2 * k + 1] = above | (1 - flip);
    }
  }
  for (let i = 0; i < POINTS; i++) order[i] = tree[cells[coordinate * POINTS + i]!]!;
  return POINTS;
};

function shuffle(n: number, order: Int32Array): void {
  for (let i = 0; i < n; i++) {
    const other = Math.floor(unit() * (i + 1));
    order[i] = order[other]!;
    order[other] = i;
  }
}

const ofHypercube: Order = (_, order) => {
  shuffle(POINTS, order);
  return POINTS;
};

const primes: number[] = [];
for (let n = 2; primes.length < DIMS; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
const permuted = new Int32Array(primes.at(-1)!);

const ofHalton: Order = (coordinate, order) => {
  const base = primes[coordinate]!;
  order.fill(0);
  let count = 1;
  for (; count < POINTS; count *= base) {
    shuffle(base, permuted);
    for (let i = 0; i < POINTS; i++) order[i] = order[i]! * base + permuted[Math.floor(i / count) % base]!;
  }
  return count;
};

function points(name: string, noise: Noise, of: Order, precision: Precision): Case {
  const block = region(sharedCore(), precision);
  const bound = noise.bind({ region: block, sets: SETS, dims: DIMS });
  const out = block.reserve(elements);
  block.allocate("bench");
  bound.begin?.();
  const own = arrayOf(precision, elements);
  const order = new Int32Array(POINTS);
  let step = 0;
  return {
    name: `${name} ${precision}`,
    elements,
    kernel: () => bound.fill(block.core.kernels[precision], { ...stream, site: step++ }, out.at),
    twin() {
      for (let r = 0; r < SETS; r++) {
        for (let j = 0; j < DIMS; j++) {
          const count = of(j, order);
          for (let i = 0; i < POINTS; i++) own[(i * SETS + r) * DIMS + j] = (order[i]! + unit()) / count;
        }
      }
    },
    outcome: () => ({ alike: "moments", kernel: out.view(), twin: own }),
  };
}

function inverse(name: "normal" | "gumbel", precision: Precision): Case {
  const p = name === "normal" ? normal(DIMS) : gumbel(DIMS);
  const block = region(sharedCore(), precision);
  const { params, theta } = reserveTheta(block, p, 1);
  const [uniform, x] = [block.reserve(elements), block.reserve(elements)];
  block.allocate("bench");
  const kernels = block.core.kernels[precision];
  p.prepare(kernels, params.at, theta);
  uniform.view().forEach((_, i) => (uniform.view()[i] = ((i * 7919) % 65521 + 0.5) / 65521));
  const [given, own]: Floats[] = [uniform.view().slice(), arrayOf(precision, elements)];
  const quantile = quantiles[name];
  return {
    name: `${name} from uniforms ${precision}`,
    elements,
    kernel: () => p.quantile.draw(kernels, elements / DIMS, theta, uniform.at, 0, x.at),
    twin: () => {
      for (let i = 0; i < elements; i++) own![i] = quantile(given![i]!);
    },
    outcome: () => ({ alike: "values", kernel: x.view(), twin: own!, within: precision === "f32" ? 2e-6 : 1e-13 }),
  };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [
  points("Sobol' points", sobol({ points: POINTS }), ofSobol, precision),
  points("Latin hypercubes", stratified({ points: POINTS }), ofHypercube, precision),
  points("Halton points", halton({ points: POINTS }), ofHalton, precision),
  inverse("normal", precision),
  inverse("gumbel", precision),
]);
