import type { Kernels, Pointer } from "../core/kernels.ts";
import { integer } from "../errors.ts";
import type { Conditional, Distribution, Finite, Theta } from "../vocabulary/distribution.ts";
import { counts, transport } from "../wasm/modules.ts";
import { blockOf, eachBlock, roomFor } from "./blocks.ts";
import { type PlackettLuce, plackettLuce, type PlackettLuceParameters } from "./plackett-luce.ts";
import { relaxedRanking } from "./relaxed-ranking.ts";

export interface OneHotPlackettLuce extends Distribution<PlackettLuceParameters>, Finite, Conditional {
  /** Its relaxation is a plan. */
  readonly doublyStochastic: true;
}

/**
 * Rankings as matrices, row by row: x[k, i] = 1 if item i has rank k, with the law of `plackettLuce(items)` and its draws at the same key.
 *
 * Not reparameterizable, but relaxed: v = logits + Gumbel noise, z[k, i] = ρₖ vᵢ with ρ falling evenly from 1 to −1, x the order of falling v (Yellott 1977), y the
 * entropic plan of z / temperature, a soft sort (Cuturi, Teboul & Vert 2019; Grover, Wang, Zweig & Ermon 2019 relax each row by itself). So `gumbelSoftmax` and `straightThrough` work, which
 * are biased, and, because the latent given x is known (exponential races, Gadetsky, Struminsky, Robinson, Quadrianto & Vetrov 2020), `rebar` and `relax`, which
 * are not.
 *
 * A draw takes the sorting and items² numbers, a relaxed one what a relaxed `permutation(items)` takes. Logits are told apart within 600 of the
 * largest. Plackett 1975; Luce 1959.
 *
 * @param items  at least 1; a draw has items² numbers
 * @throws {TypeError} if `items` is not a number
 * @throws {RangeError} if `items` is not a positive integer
 */
export function oneHotPlackettLuce(items: number): OneHotPlackettLuce {
  const caller = "oneHotPlackettLuce";
  integer(caller, "items", items);
  const orders = plackettLuce(items);
  const dim = items * items;
  const places = placesIn(orders, items);
  return {
    name: caller,
    params: orders.params,
    domains: orders.domains,
    dim,
    modules: [counts, transport],
    prepared: (batch, tile) => lengthsIn(orders, items, batch, tile).reduce((sum, length) => sum + roomFor(length), 0),
    prepare(kernels, params, theta) {
      orders.prepare(kernels, params, theta);
      kernels.arrayCopy(theta.batch * items, params, places(kernels, theta).logits);
    },
    sample(kernels, stream, rows, theta, x) {
      orders.sample(kernels, stream, rows, theta, x);
      kernels.oneHotRankingsMatrices(rows, items, x);
    },
    logProb(kernels, rows, theta, x, logProb) {
      const { order } = places(kernels, theta), bytes = kernels.arrayBytes();
      eachBlock(rows, blockOf(theta.batch, items), (first, some) => {
        kernels.oneHotRankingsOrders(some, items, x + first * dim * bytes, order);
        orders.logProb(kernels, some, theta, order, logProb + first * bytes);
      });
    },
    score(kernels, rows, theta, x, coefficient, terms) {
      const { order } = places(kernels, theta), bytes = kernels.arrayBytes();
      eachBlock(rows, blockOf(theta.batch, items), (first, some) => {
        kernels.oneHotRankingsOrders(some, items, x + first * dim * bytes, order);
        orders.score(kernels, some, theta, order, coefficient + first * bytes, terms + first * items * bytes);
      });
    },
    support: {
      size: orders.support.size,
      enumerate(kernels, from, to, batch, x) {
        orders.support.enumerate(kernels, from, to, batch, x);
        kernels.oneHotRankingsMatrices((to - from) * batch, items, x);
      },
    },
    doublyStochastic: true,
    relaxation: relaxedRanking(items, (kernels, theta) => places(kernels, theta).logits),
    conditional: {
      noise: dim,
      draw(kernels, { key, site, chunk }, rows, theta, x, z) {
        const { logits, room } = places(kernels, theta);
        kernels.oneHotRankingsDraw(key.low, key.high, site, chunk, rows, theta.batch, items, theta.at, logits, x, room, z);
      },
      pull(kernels, rows, theta, x, z, cotangent, terms) {
        const { logits, room } = places(kernels, theta);
        kernels.oneHotRankingsPull(rows, theta.batch, items, theta.at, logits, x, z, cotangent, room, terms);
      },
      push(kernels, rows, theta, x, z, tangent, out) {
        const { logits, room } = places(kernels, theta);
        kernels.oneHotRankingsPush(rows, theta.batch, items, theta.at, logits, x, z, tangent, room, out);
      },
    },
  };
}

// θ of plackettLuce, the logits as they were given, five rows of f64 for the latent given x, and the orders of a block of rows.
const lengthsIn = (orders: PlackettLuce, items: number, batch: number, tile: number): readonly number[] => [orders.prepared(batch, tile), batch * items, 2 * 5 * items, blockOf(batch, items) * items];

function placesIn(orders: PlackettLuce, items: number): (kernels: Kernels, theta: Theta) => { readonly logits: Pointer; readonly room: Pointer; readonly order: Pointer } {
  return (kernels, { at, batch, tile }) => {
    const [own, given, room] = lengthsIn(orders, items, batch, tile).map((length) => roomFor(length) * kernels.arrayBytes()) as [number, number, number];
    return { logits: at + own, room: at + own + given, order: at + own + given + room };
  };
}
