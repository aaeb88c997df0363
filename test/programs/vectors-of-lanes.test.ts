import { describe, expect, test } from "vitest";
import { type Draw, key, type Node, program, run, stochasticTriple, where } from "../../src/index.ts";

const LANES = 1037; // not a whole number of chunks, nor of vectors

/** A draw of each kind that goes by several lanes at once; `p` differs from lane to lane. */
const kinds: Readonly<Record<string, readonly [draw: (draw: Draw, p: Node) => Node, impossible: number]>> = {
  poisson: [(draw, p) => draw.poisson(p.mul(10)), 0],
  "binomial, below and above one half": [(draw, p) => draw.binomial(20, p), 0],
  geometric: [(draw, p) => draw.geometric(p), 1],
  gamma: [(draw, p) => draw.gamma(p.mul(3), 1), 1 / 3],
};

describe.each(["f64", "f32"] as const)("in %s", (precision) => {
  test.each(Object.keys(kinds))("%s: a lane draws the same whether its neighbours are ordinary or not", (name) => {
    const [draw, impossible] = kinds[name]!;
    const drawn = (most: number): ArrayLike<number> => {
      const body = program<"most">(({ most: bound }, draws) => {
        const p = draws.uniform(0.05, 0.95);
        const odd = draws.uniform(0, 1).lt(bound);
        return draw(draws, where(odd, impossible, p)).concatenate(odd);
      });
      return run(body, { most }, key("neighbours"), { lanes: LANES, precision });
    };
    const [ordinary, some] = [drawn(0), drawn(0.05)];
    let changed = 0;
    for (let lane = 0; lane < LANES; lane++) {
      if (some[2 * lane + 1] === 1) changed++;
      else expect(some[2 * lane]).toBe(ordinary[2 * lane]);
    }
    expect(changed).toBeGreaterThan(20);
  });

  test("categories add up as one by one, impossible ones are never drawn, and the last possible one takes what is missing", () => {
    const body = program<"scale">(({ scale }, draw) => {
      const p = draw.uniform(0, 0.4);
      const all = p.concatenate(0, p.mul(0.5), p.mul(-1.5).add(1), 0).mul(scale);
      return draw.categorical(all).concatenate(draw.uniform(0, 1), all);
    });
    for (const scale of [1, 0.7]) {
      const found = run(body, { scale }, key("categories"), { lanes: 5000, precision });
      const counts = [0, 0, 0, 0, 0];
      const wanted = [0, 0, 0, 0, 0];
      for (let lane = 0; lane < 5000; lane++) {
        counts[found[7 * lane]!]!++;
        for (let i = 0; i < 5; i++) wanted[i]! += found[7 * lane + 2 + i]!;
      }
      wanted[3]! += 5000 - wanted.reduce((sum, one) => sum + one);
      for (let i = 0; i < 5; i++) expect(Math.abs(counts[i]! - wanted[i]!)).toBeLessThanOrEqual(4 * Math.sqrt(wanted[i]!));
    }
  });
});

test("a gamma draw whose shape jumps lands where a draw of the other shape is", () => {
  const shape = (b: Node): Node => b.add(0.6);
  const jumping = program<"p">(({ p }, draw) => draw.gamma(shape(draw.bernoulli(p)), 1));
  const other = program<"p">(({ p }, draw) => draw.gamma(shape(draw.bernoulli(p).mul(0).add(1)), 1));
  let jumps = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { value, perturbation } = stochasticTriple(jumping, { p: 0.3 }, key(seed));
    if (perturbation === 0) continue;
    jumps++;
    expect(value + perturbation).toBeCloseTo(run(other, { p: 0.3 }, key(seed), { lanes: 1 })[0]!, 12);
  }
  expect(jumps).toBeGreaterThan(30);
});
