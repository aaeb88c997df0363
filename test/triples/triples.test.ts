import { describe, expect, test } from "vitest";
import { key, type Triple, triples, type Triples } from "../../src/index.ts";

/** A source whose first Bernoulli draw of 0.5 is `wanted`. */
function drawing(wanted: number): Triples {
  for (let seed = 0; ; seed++) if (triples(key(seed)).bernoulli(0.5).value === wanted) return triples(key(seed));
}

/** The mean of the derivative over so many keys, and its standard error. */
function mean(of: (t: Triples) => Triple, runs = 600): readonly [number, number] {
  const all = Array.from({ length: runs }, (_, i) => of(triples(key("means").fold(i))).derivative);
  const mean = all.reduce((a, b) => a + b) / runs;
  return [mean, Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / runs / (runs - 1))];
}

function agrees([got, error]: readonly [number, number], wanted: number): void {
  expect(Math.abs(got - wanted), `${got} ± ${error}, expected ${wanted}`).toBeLessThan(4 * error + 1e-9);
}

describe("a stochastic triple", () => {
  test("is printed as the theory writes it", () => {
    const zero = drawing(0);
    expect(String(zero.bernoulli(zero.variable(0.5)))).toBe("0 + 0ε + (1 with probability 2.0ε)");
    const one = drawing(1);
    expect(String(one.bernoulli(one.variable(0.5)))).toBe("1 + 0ε + (0 with probability 0.0ε)");
    const t = drawing(0);
    const p = t.variable(0.5);
    expect(`${t.bernoulli(p).mul(3).add(p)}`).toBe("0.5 + 1ε + (3 with probability 2.0ε)");
  });

  test("of a probability that shrinks jumps down where the draw is 1", () => {
    const t = drawing(1);
    const x = t.bernoulli(t.variable(0.5).neg().add(1));
    expect([x.value, x.perturbation, x.weight, x.derivative]).toEqual([1, -1, 2, -2]);
  });

  test("has the weight of its own draw, several draws each their own", () => {
    for (let seed = 0, found = false; !found; seed++) {
      const t = triples(key(seed));
      const p = t.variable(0.5);
      const draws = [1, 2].map((i) => t.bernoulli(p.mul(i / 4)));
      if ((found = draws.every(({ value }) => value === 0))) {
        expect(draws[0]!.weight).toBeCloseTo(0.2857142857, 9);
        expect(draws[1]!.weight).toBeCloseTo(0.6666666667, 9);
        expect(draws[0]!.tag).not.toBe(draws[1]!.tag);
        const both = draws[0]!.add(draws[1]!);
        expect(both.weight).toBeCloseTo(0.2857142857 + 0.6666666667, 9);
        expect(both.perturbation).toBe(1);
        expect(draws.filter(({ tag }) => tag === both.tag)).toHaveLength(1);
        expect(draws.map(({ perturbation }) => perturbation).sort()).toEqual([0, 1]);
      }
    }
  });

  test("is the derivative of a smooth function where nothing is drawn", () => {
    const f = ([a, b, c]: readonly [Triple | number, Triple | number, Triple | number], t: Triples): Triple => {
      const [x, y, z] = [a, b, c].map((one) => (typeof one === "number" ? t.variable(0).mul(0).add(one) : one)) as [Triple, Triple, Triple];
      return x.mul(y).mul(z.sin()).add(x.mul(y).exp()).div(z);
    };
    const [x, y, z] = [1, 2, Math.PI / 2];
    const at = triples(key(1));
    const e = Math.exp(x * y);
    expect(f([at.variable(x), y, z], at).value).toBeCloseTo((x * y + e) / z, 12);
    expect(f([at.variable(x), y, z], at).delta).toBeCloseTo((y + y * e) / z, 12);
    expect(f([x, at.variable(y), z], at).delta).toBeCloseTo((x + x * e) / z, 12);
    expect(f([x, y, at.variable(z)], at).delta).toBeCloseTo((x * y * Math.cos(z)) / z - (x * y + e) / z ** 2, 12);
  });

  test("goes through every function with its derivative", () => {
    const functions: Record<string, readonly [(x: Triple) => Triple, (x: number) => number]> = {
      sqrt: [(x) => x.sqrt(), Math.sqrt], exp: [(x) => x.exp(), Math.exp], log: [(x) => x.log(), Math.log], log1p: [(x) => x.log1p(), Math.log1p],
      expm1: [(x) => x.expm1(), Math.expm1], cos: [(x) => x.cos(), Math.cos], tanh: [(x) => x.tanh(), Math.tanh], square: [(x) => x.square(), (x) => x * x],
      sigmoid: [(x) => x.sigmoid(), (x) => 1 / (1 + Math.exp(-x))], softplus: [(x) => x.softplus(), (x) => Math.log1p(Math.exp(x))],
      maximum: [(x) => x.maximum(0.3), (x) => Math.max(x, 0.3)], minimum: [(x) => x.minimum(0.3), (x) => Math.min(x, 0.3)], div: [(x) => x.div(x.add(2)), (x) => x / (x + 2)],
    };
    const t = triples(key(1));
    for (const [name, [f, g]] of Object.entries(functions)) {
      const y = f(t.variable(0.7));
      expect(y.value, name).toBeCloseTo(g(0.7), 12);
      expect(y.delta, name).toBeCloseTo((g(0.7 + 1e-5) - g(0.7 - 1e-5)) / 2e-5, 8);
      const jumped = f(t.perturbed(0.7, 0.5, 2));
      expect(jumped.perturbation, name).toBeCloseTo(g(1.2) - g(0.7), 12);
      expect(jumped.weight, name).toBe(name === "minimum" ? 0 : 2);
    }
  });
});

test("the same key makes the same triples, always", () => {
  const t = triples(key("frozen"));
  const p = t.variable(0.4);
  const [x, y, z] = [t.poisson(p.mul(5)), t.geometric(p), t.normal(p, 2)];
  expect([x, y, z, x.mul(y).add(z)].map(String)).toMatchInlineSnapshot(`
    [
      "3 + 0ε + (1 with probability 13.33ε)",
      "2 + 0ε + (0 with probability 0.0ε)",
      "-4.266 + 1ε + (0 with probability 0.0ε)",
      "1.734 + 1ε + (2 with probability 13.33ε)",
    ]
  `);
});

describe("draws with triples as parameters", () => {
  test("carry the jump of a number of trials on", () => {
    agrees(mean((t) => t.binomial(t.perturbed(5, 1, 3.5), 0.5)), 3.5 * 0.5);
    agrees(mean((t) => t.binomial(t.perturbed(5, 2, 3.5), 0.5)), 3.5 * 0.5 * 2);
  });

  test.each([0.3, 0.7])("have the derivative of a nested binomial at %s", (p) => {
    agrees(mean((t) => {
      const own = t.variable(p);
      return t.binomial(t.binomial(10, own), own);
    }), 20 * p);
  });

  test("index arrays, whose entries may jump as well", () => {
    const by = (t: Triples): Triple => {
      const p = t.variable(0.3);
      return t.categorical([p.div(2), p.div(2), p.neg().add(1)]);
    };
    agrees(mean((t) => t.at([3.5, 5.2, 8.4], by(t))), (3.5 + 5.2) / 2 - 8.4);
    agrees(mean((t) => {
      const x = t.bernoulli(t.variable(0.3));
      return t.at([-5, x], x);
    }), 6);
  });

  test.each([0.25, 0.6])("have the derivatives of their means, growing and shrinking, at %s", (p) => {
    for (const way of [1, -1]) {
      const own = (t: Triples): Triple => t.variable(p).sub(p).mul(way).add(p);
      agrees(mean((t) => t.bernoulli(own(t)).mul(7).sub(3)), 7 * way);
      agrees(mean((t) => t.geometric(own(t))), -way / p ** 2);
      agrees(mean((t) => t.poisson(own(t)).square()), way * (2 * p + 1));
      agrees(mean((t) => t.binomial(20, own(t)).square()), way * (20 - 40 * p + 800 * p));
      agrees(mean((t) => t.normal(own(t), own(t).mul(2)).square()), way * 10 * p);
      agrees(mean((t) => t.exponential(own(t))), -way / p ** 2);
      agrees(mean((t) => t.uniform(0, own(t))), way / 2);
    }
  });
});

describe("what a triple refuses", () => {
  test("to be a number", () => {
    const x = triples(key(1)).variable(1);
    expect(() => Number(x)).toThrow("triples: a triple is no number: it stands for two, one of them infinitely rare.");
    expect(() => (x as unknown as number) + 1).toThrow(TypeError);
    expect(() => (x as unknown as number) < 1).toThrow("x.lt(y) for x < y");
  });

  test("to decide a branch that its event would turn", () => {
    const t = drawing(0);
    const x = t.bernoulli(t.variable(0.5));
    expect(x.lt(2)).toBe(true);
    expect(x.ge(0)).toBe(true);
    expect(() => x.lt(1)).toThrow("triples: lt is true for 0 and 1, but false after the change that may happen to them.");
    expect(() => x.eq(0)).toThrow(TypeError);
  });

  test("to compare what moves: what happens where they cross would be lost", () => {
    const t = triples(key(1));
    const p = t.variable(0.3);
    expect(() => t.uniform().lt(p)).toThrow(/^triples: lt of .*, which move with the variable, has no derivative where they cross\. Draw the outcome: bernoulli\(its probability\)/);
    expect(() => t.normal(p, 1).gt(0)).toThrow(/^triples: gt of /);
    expect(t.normal(p, 1).lt(t.normal(p, 1).add(100))).toBe(true); // they move together
    expect(p.value < 1).toBe(true);
  });

  test("to move out of a range", () => {
    const t = triples(key(1));
    expect(() => t.bernoulli(t.variable(1))).toThrow("triples: a draw of bernoulli at the end of its range cannot move out of it. Start the variable a little inside.");
    expect(() => t.poisson(t.variable(0).neg())).toThrow("a draw of poisson at the end of its range");
    expect(t.bernoulli(t.variable(0)).value).toBe(0);
  });

  test("impossible parameters and operands", () => {
    const t = triples(key(1));
    expect(() => t.bernoulli(1.5)).toThrow("triples: bernoulli expected a probability in [0, 1], got 1.5");
    expect(() => t.variable(Number.NaN)).toThrow('triples: "variable" expected a finite number, got NaN');
    expect(() => t.variable(1).add("2" as never)).toThrow('triples: "add" expected triples or numbers, got "2"');
    expect(() => t.at([1, 2], 2)).toThrow("triples: at expected an index in 0 … 1, got 2");
    expect(() => t.at([1, 2], t.variable(1))).toThrow("Draw it.");
    expect(() => t.binomial(t.variable(2), 0.5)).toThrow("cannot move");
    expect(() => t.perturbed(1, 1, 0)).toThrow('"weight" expected a number > 0, got 0');
    expect(() => triples(1 as never)).toThrow("Make one with key(seed).");
  });
});
