import { adam, expectation, expression, gradient, gumbel, type Key, optimization, pathwise, permutation, sample } from "gradex";
import { badnessOf, FRAME, frameOf, neighbours } from "./badness.ts";
import type { Tiles } from "./tiles.ts";

/** Where the search stands after a step. */
export interface Standing {
  readonly step: number;
  readonly steps: number;
  readonly temperature: number;
  /** For each place its tile, in the best order drawn so far. */
  readonly order: readonly number[];
  /** Of that order: 0 could not be better, 1 is chance. */
  readonly badness: number;
}

const SAMPLES = 8;
/** Permutations drawn in each step to look for a better order. */
const DRAWS = 32;
const [HOT, COLD] = [1, 0.15];
const RATE = 0.05;

/**
 * Puts tiles in order by their edges: the badness of their seams, expected over Gumbel-Sinkhorn permutations (Mena, Belanger, Linderman & Snoek 2018), whose
 * logits go down its slope while the temperature falls. The best of the permutations drawn on the way is kept.
 */
export function* solve(tiles: Tiles, steps: number, from: Key): Generator<Standing, void, undefined> {
  const count = tiles.across ** 2;
  using slope = gradient(expectation(gumbel(count * count), softBadness(tiles.across)), pathwise(), { samples: SAMPLES });
  const logits = new Float64Array(count * count);
  const constants = { logScale: new Float64Array(count * count), beside: tiles.beside, below: tiles.below };
  const frame = frameOf(tiles);
  using optimizer = optimization(adam({ rate: RATE }), { logits });
  let best: Pick<Standing, "order" | "badness"> = { order: Array.from({ length: count }, (_, i) => i), badness: Number.POSITIVE_INFINITY };
  for (let step = 1; step <= steps; step++) {
    const temperature = HOT * (COLD / HOT) ** (step / steps);
    const estimate = slope.estimate({ location: logits, ...constants }, from.fold(step), { context: { temperature: Float64Array.of(temperature), frame } });
    optimizer.step({ logits }, { logits: estimate.gradient.location });
    for (const order of drawn(count, logits, from.fold(step).fold("draws"))) {
      const badness = badnessOf(tiles, frame, order);
      if (badness < best.badness) best = { order, badness };
    }
    yield { step, steps, temperature, ...best };
  }
}

/** badnessOf, for permutations that are soft: each place has a share of every tile. */
function softBadness(across: number) {
  const count = across ** 2;
  const pairs = neighbours(across);
  return expression(
    (z, { temperature, beside, below, frame }) => {
      const plan = z.sinkhorn({ rows: count, columns: count, temperature, iterations: 20 });
      const at = (place: number) => plan.slice(place * count, (place + 1) * count);
      const seams = pairs.map(([a, b, side]) => at(a).matmul(side === "beside" ? beside : below).dot(at(b)));
      return seams.reduce((sum, each) => sum.add(each)).mul(1 / pairs.length).add(plan.dot(frame).mul(FRAME / count));
    },
    { beside: [count, count], below: [count, count] },
    { temperature: 1, frame: count * count },
  );
}

function drawn(count: number, logits: Float64Array, from: Key): number[][] {
  const x = sample(permutation(count), { logits }, from, { samples: DRAWS });
  return Array.from({ length: DRAWS }, (_, draw) => Array.from({ length: count }, (__, place) => x.subarray((draw * count + place) * count).indexOf(1)));
}
