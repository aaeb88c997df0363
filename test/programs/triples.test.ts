import { describe, expect, test } from "vitest";
import { derivative, type Draw, key, type Node, program, stochasticTriple, where } from "../../src/index.ts";

const at = key("triples");
const agrees = (got: number, error: number, wanted: number): void => {
  expect(Math.abs(got - wanted), `${got} ± ${error}, expected ${wanted}`).toBeLessThan(4 * error);
};
const estimate = (body: (p: Node, draw: Draw) => Node, p: number, samples = 40_000) => {
  const { value, derivative: slope, standardError } = derivative(program<"p">((names, draw) => body(names.p, draw)), { p }, at, { samples });
  return { value, slope: slope.p, error: standardError.p };
};

/** Single triples of a draw, by its value. */
function triples(body: (p: Node, draw: Draw) => Node, p: number): Map<number, { perturbation: number; weight: number }> {
  const traced = program<"p">((names, draw) => body(names.p, draw));
  const seen = new Map<number, { perturbation: number; weight: number }>();
  for (let seed = 0; seed < 60; seed++) {
    const { value, delta, perturbation, weight } = stochasticTriple(traced, { p }, at.fold(seed));
    expect(delta).toBe(0);
    seen.set(value, { perturbation, weight });
  }
  return seen;
}

describe("a draw at (p, x) jumps by Δ with weight w", () => {
  const minus = (p: Node): Node => p.neg().add(1);
  const growing = { draw: (p: Node) => p, sign: 1 };
  const cases: Record<string, readonly [(draw: Draw, p: Node) => Node, right: (x: number, p: number) => readonly [number, number], left: (x: number, p: number) => readonly [number, number]]> = {
    bernoulli: [(draw, p) => draw.bernoulli(p), (x, p) => (x === 0 ? [1, 1 / (1 - p)] : [0, 0]), (x, p) => (x === 1 ? [-1, 1 / p] : [0, 0])],
    geometric: [(draw, p) => draw.geometric(p), (x, p) => (x > 0 ? [-1, x / (p * (1 - p))] : [0, 0]), (x, p) => [1, (x + 1) / p]],
    binomial: [(draw, p) => draw.binomial(10, p), (x, p) => (x < 10 ? [1, (10 - x) / (1 - p)] : [0, 0]), (x, p) => (x > 0 ? [-1, x / p] : [0, 0])],
    poisson: [(draw, p) => draw.poisson(p), () => [1, 1], (x, p) => (x > 0 ? [-1, x / p] : [0, 0])],
  };
  test.each(Object.keys(cases))("%s", (name) => {
    const [body, right, left] = cases[name]!;
    const p = 0.4;
    for (const [x, { perturbation, weight }] of triples((node, draw) => body(draw, growing.draw(node)), p)) {
      expect([perturbation, weight]).toEqual([right(x, p)[0], expect.closeTo(right(x, p)[1], 10)]);
    }
    for (const [x, { perturbation, weight }] of triples((node, draw) => body(draw, minus(node)), 1 - p)) {
      expect([perturbation, weight]).toEqual([left(x, p)[0], expect.closeTo(left(x, p)[1], 10)]);
    }
  });

  test("categorical, over impossible cells", () => {
    const p = 0.6;
    const seen = triples((node, draw) => draw.categorical(draw.constant(0).concatenate(node.square(), 0, 0, node.square().neg().add(1))), p);
    expect([...seen.keys()].toSorted()).toEqual([1, 4]);
    // d p² = 2 p: mass goes from 4 to 1.
    expect(seen.get(4)).toEqual({ perturbation: -3, weight: expect.closeTo((2 * p) / (1 - p * p), 10) });
    expect(seen.get(1)).toEqual({ perturbation: 0, weight: 0 });
  });

  test("flips of parts of the parameter", () => {
    const seen = [0, 1, 2].map((i) => triples((p, draw) => draw.bernoulli(p.mul((i + 1) / 4)), 0.5));
    expect(seen.map((of) => of.get(0)!.weight).map((w) => Number(w.toFixed(10)))).toEqual([0.2857142857, 0.6666666667, 1.2]);
  });
});

test("a flip is printed as the theory has it", () => {
  const flip = program<"p">(({ p }, draw) => draw.bernoulli(p));
  const printed = new Set(Array.from({ length: 20 }, (_, seed) => String(stochasticTriple(flip, { p: 0.5 }, key(seed)))));
  expect([...printed].toSorted()).toEqual(["0 + 0ε + (1 with probability 2.0ε)", "1 + 0ε + (0 with probability 0.0ε)"]);
  const smooth = program<"p">(({ p }) => p.square().mul(3));
  expect(String(stochasticTriple(smooth, { p: 0.5 }, key(1)))).toBe("0.75 + 3ε + (0 with probability 0.0ε)");
});

describe("triples compose", () => {
  test("a binomial of a binomial number of trials", () => {
    for (const p of [0.3, 0.7]) {
      const { slope, error } = estimate((p, draw) => draw.binomial(draw.binomial(10, p), p), p);
      agrees(slope, error, 20 * p);
    }
  });

  test("a binomial whose number of trials jumps", () => {
    for (const jump of [-2, -1, 1, 2]) {
      // n = 5 jumps by `jump` with weight 3.5, where a flip of probability 0 comes up
      const { slope, error } = estimate((p, draw) => draw.binomial(draw.bernoulli(p.sub(0.5).mul(3.5)).mul(jump).add(5), p), 0.5);
      agrees(slope, error, 3.5 * 0.5 * jump + 5);
    }
  });

  test("an array indexed by a category, of numbers and of draws", () => {
    const p = 0.3;
    const category = (p: Node, draw: Draw): Node => draw.categorical(p.div(2).concatenate(p.div(2), p.neg().add(1)));
    const numbers = estimate((p, draw) => draw.constant([3.5, 5.2, 8.4]).at(category(p, draw)), p);
    agrees(numbers.slope, numbers.error, (3.5 + 5.2) / 2 - 8.4);
    const drawn = estimate((p, draw) => {
      const flips = [3.5, 5.2, 8.4].map((x) => draw.bernoulli(p).mul(x)) as [Node, Node, Node];
      return flips[0].concatenate(flips[1], flips[2]).at(category(p, draw));
    }, p);
    // Σ P(i) aᵢ p: p (p/2 · 8.7 + (1 − p) 8.4)
    agrees(drawn.slope, drawn.error, 8.7 * p + 8.4 - 16.8 * p);
    const vector = estimate((p, draw) => draw.bernoulli(p.mul([1, 1, 1])).mul([3.5, 5.2, 8.4]).at(category(p, draw)), p);
    agrees(vector.slope, vector.error, 8.7 * p + 8.4 - 16.8 * p);
  });

  test("indices and values that jump together", () => {
    // x jumps from 0 to 1 with weight 1 / (1 - p): the entry from -5 to x = 1
    const { slope, error } = estimate((p, draw) => {
      const x = draw.bernoulli(p);
      return draw.constant(-5).concatenate(x).at(x);
    }, 0.4);
    agrees(slope, error, 6);
  });

  test("continuous draws with discrete ones: the crazy program", () => {
    const crazy = (p: Node, draw: Draw): Node => {
      const a = p.mul(p.neg().add(1));
      const b = draw.binomial(10, p);
      const c = b.mul(2).add(draw.bernoulli(p).mul(3));
      return a.mul(c).mul(draw.normal(b, a));
    };
    for (const [p, mean, derived] of [[0.5, 15.625, 57.5], [0.6, 21.024, 47.76]] as const) {
      const found = estimate(crazy, p, 100_000);
      agrees(found.slope, found.error, derived);
      const { valueStandardError } = derivative(program<"p">((names, draw) => crazy(names.p, draw)), { p }, at, { samples: 100_000 });
      agrees(found.value, valueStandardError, mean);
    }
    let p = 0.5;
    const climbed = program<"p">((names, draw) => crazy(names.p, draw));
    for (let step = 0; step < 400; step++) p += (0.002 / (1 + step / 50)) * derivative(climbed, { p }, at.fold(step), { samples: 1000 }).derivative.p;
    expect(p).toBeCloseTo(0.742688545, 2);
    const top = derivative(climbed, { p: 0.742688545 }, at, { samples: 100_000 });
    agrees(top.value, top.valueStandardError, 24.9745610916);
    agrees(top.derivative.p, top.standardError.p, 0);
  });

  test("vectors of draws, summed and in chains", () => {
    const p = 0.35;
    const body = (p: Node, draw: Draw): Node => {
      const first = draw.bernoulli(p.mul([1, 0.5, 2, 0.25]));
      const second = draw.bernoulli(first.mul(0.3).add(p.mul([0.2, 0.4, 0.6, 0.8])));
      return first.add(1).mul(second.add(2)).sum().square();
    };
    const law = (p: number): number => {
      const [a, b] = [[1, 0.5, 2, 0.25], [0.2, 0.4, 0.6, 0.8]];
      let total = 0;
      for (let state = 0; state < 256; state++) {
        let probability = 1;
        let sum = 0;
        for (let i = 0; i < 4; i++) {
          const [x, y] = [(state >> (2 * i)) & 1, (state >> (2 * i + 1)) & 1];
          const [px, py] = [p * a![i]!, 0.3 * x + p * b![i]!];
          probability *= (x ? px : 1 - px) * (y ? py : 1 - py);
          sum += (x + 1) * (y + 2);
        }
        total += probability * sum ** 2;
      }
      return total;
    };
    const { value, slope, error } = estimate(body, p, 60_000);
    expect(value / law(p)).toBeCloseTo(1, 2);
    agrees(slope, error, (law(p + 1e-4) - law(p - 1e-4)) / 2e-4);
  });

  test("conditions on what is drawn", () => {
    const p = 0.4;
    const body = (p: Node, draw: Draw): Node => {
      const n = draw.binomial(4, p);
      const m = where(n.gt(2), draw.poisson(p.mul(3)), n.mul(2));
      return where(m.le(n), n.square(), m.neg().exp()).add(n.maximum(m)).add(m.sub(n).abs()).add(n.sub(1).relu());
    };
    const law = (p: number): number => {
      let total = 0;
      for (let n = 0; n <= 4; n++) {
        const pn = [1, 4, 6, 4, 1][n]! * p ** n * (1 - p) ** (4 - n);
        for (let k = 0, pk = Math.exp(-3 * p); k < 40; pk *= (3 * p) / ++k) {
          const m = n > 2 ? k : 2 * n;
          total += pn * pk * ((m <= n ? n * n : Math.exp(-m)) + Math.max(n, m) + Math.abs(m - n) + Math.max(n - 1, 0));
        }
      }
      return total;
    };
    const { slope, error } = estimate(body, p, 60_000);
    agrees(slope, error, (law(p + 1e-4) - law(p - 1e-4)) / 2e-4);
  });

  test("continuous distributions whose parameters jump and move", () => {
    const p = 0.6;
    // E: normal 2 b + p, plus uniform up to b + p: (b + p) / 2, plus exponential 1 / (b + p), plus gamma (b + p) / (1 + p)
    const body = (p: Node, draw: Draw): Node => {
      const b = draw.binomial(3, p);
      const c = b.add(p);
      return draw.normal(b.mul(2).add(p), c).add(draw.uniform(0, c)).add(draw.exponential(c)).add(draw.gamma(c, p.add(1)));
    };
    const law = (p: number): number => [0, 1, 2, 3].reduce((sum, b) => sum + [1, 3, 3, 1][b]! * p ** b * (1 - p) ** (3 - b) * (2 * b + p + (b + p) / 2 + 1 / (b + p) + (b + p) / (1 + p)), 0);
    const { slope, error } = estimate(body, p, 100_000);
    agrees(slope, error, (law(p + 1e-5) - law(p - 1e-5)) / 2e-5);
  });
});

test("functions without draws have their derivative to the last digits", () => {
  const f = program<"x">(({ x }) => {
    const [a, b, c] = [x.at(0), x.at(1), x.at(2)];
    return a.mul(b).mul(c.sin()).add(a.mul(b).exp()).div(c);
  });
  const [a, b, c] = [1, 2, Math.PI / 2];
  const { value, derivative: slope, standardError } = derivative(f, { x: Float64Array.of(a, b, c) }, at, { samples: 2 });
  const inner = a * b * Math.sin(c) + Math.exp(a * b);
  expect(value).toBeCloseTo(inner / c, 12);
  [(b * Math.sin(c) + b * Math.exp(a * b)) / c, (a * Math.sin(c) + a * Math.exp(a * b)) / c, (a * b * Math.cos(c)) / c - inner / c ** 2].forEach((wanted, i) => expect(slope.x[i]).toBeCloseTo(wanted, 12));
  expect([...standardError.x]).toEqual([0, 0, 0]);
});

test("KL(Poisson(λ) ‖ negative binomial(10, ¼)) has its slope, and its minimum at 28.878", () => {
  // log q(x) = log C(x + 9, x) + 10 log ¼ + x log ¾; E log p = x log λ − λ − log x!
  const logs = Array.from({ length: 120 }, (_, x) => {
    let sum = 0;
    for (let i = 1; i <= 9; i++) sum += Math.log((x + i) / i);
    return sum + 10 * Math.log(0.25) + x * Math.log(0.75);
  });
  const factorials = logs.map((_, x) => Array.from({ length: x }, (_, i) => Math.log(i + 1)).reduce((sum, one) => sum + one, 0));
  const divergence = program<"rate">(({ rate }, draw) => {
    const x = draw.poisson(rate);
    return x.mul(rate.log()).sub(rate).sub(draw.constant(factorials).at(x)).sub(draw.constant(logs).at(x));
  });
  const found = derivative(divergence, { rate: 10 }, at, { samples: 100_000 });
  agrees(found.value, found.valueStandardError, 2.9722753118);
  agrees(found.derivative.rate, found.standardError.rate, -0.39292155);
  let rate = 20;
  for (let step = 0; step < 200; step++) rate -= 8 * derivative(divergence, { rate }, at.fold(step), { samples: 2000 }).derivative.rate;
  expect(Math.abs(rate - 28.878213)).toBeLessThan(0.25);
  const bottom = derivative(divergence, { rate: 28.878213 }, at, { samples: 100_000 });
  agrees(bottom.value, bottom.valueStandardError, 0.3138474323);
  agrees(bottom.derivative.rate, bottom.standardError.rate, 0);
});

test("StochasticAD's game of life: 12.655 cells, 39.90 at p = ½", () => {
  // A board of 7 × 7 with nothing alive beyond it, alive with probability p; three turns, in each of which a cell with so many of its four neighbours
  // alive is born or dies by chance; the cells alive in the end. Its derivative by plain scores and by triples in 4 · 10⁷ runs: 39.90 ± 0.012.
  const side = 7;
  const chances = [0.1, 0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9]; // of a dead cell with 0 … 4 neighbours, then of a living one
  const life = program<"p">(({ p }, draw) => {
    let cells = Array.from({ length: side * side }, () => draw.bernoulli(p));
    const table = draw.constant(chances);
    for (let turn = 0; turn < 3; turn++) {
      cells = cells.map((cell, k) => {
        const near = cells.filter((_, l) => Math.abs((k % side) - (l % side)) + Math.abs(Math.floor(k / side) - Math.floor(l / side)) === 1);
        const around = near.reduce((sum, other) => sum.add(other), draw.constant(0));
        const turned = draw.bernoulli(table.at(cell.mul(5).add(around)));
        return cell.add(cell.mul(-2).add(1).mul(turned));
      });
    }
    return cells.reduce((sum, cell) => sum.add(cell), draw.constant(0));
  });
  for (const method of ["pruned", "score-function"] as const) {
    const found = derivative(life, { p: 0.5 }, at, { samples: 200_000, method });
    agrees(found.value, Math.hypot(found.valueStandardError, 0.002), 12.654);
    agrees(found.derivative.p, Math.hypot(found.standardError.p, 0.012), 39.9);
    expect(found.standardError.p).toBeLessThan(0.3);
  }
});
