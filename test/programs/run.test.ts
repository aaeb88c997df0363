import { describe, expect, test } from "vitest";
import { concatenate, derivative, key, program, run, stochasticTriple, where } from "../../src/index.ts";

const at = key(11);
const mixed = program<"p">(({ p }, draw) => {
  const flips = draw.bernoulli(p.mul([1, 0.5, 0.25]));
  const z = draw.normal(flips, 2);
  const count = draw.poisson(draw.gamma(p.add(2), 1).add(flips.sum()));
  return concatenate(flips, z, draw.exponential(p), draw.uniform(-1, p), count, draw.binomial(count, p), draw.geometric(p), draw.categorical([0.5, 0.25, 0.25]));
});

describe.each(["f64", "f32"] as const)("runs in %s", (precision) => {
  test("draw i of a longer run is draw i of a shorter one, whatever chunks it goes by", () => {
    const all = run(mixed, { p: 0.5 }, at, { lanes: 20_000, precision });
    expect(all.length).toBe(20_000 * 12);
    expect(all.every(Number.isFinite)).toBe(true);
    for (const lanes of [1, 2, 15, 16, 17, 100, 1000, 1023, 1024, 1025, 16_384, 16_385]) {
      expect([...run(mixed, { p: 0.5 }, at, { lanes, precision })]).toEqual([...all.subarray(0, lanes * 12)]);
    }
    expect([...run(mixed, { p: 0.5 }, at.fold(1), { lanes: 5, precision })]).not.toEqual([...all.subarray(0, 60)]);
  });

  test("continuous draws follow their laws", () => {
    const lanes = 100_000;
    const check = (drawn: ArrayLike<number>, mean: number, variance: number): void => {
      const x = Array.from(drawn);
      const average = x.reduce((sum, one) => sum + one, 0) / lanes;
      const spread = x.reduce((sum, one) => sum + (one - mean) ** 2, 0) / lanes;
      expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(variance / lanes));
      expect(spread / variance).toBeCloseTo(1, 1);
    };
    const one = (body: Parameters<typeof program<"p">>[0]) => run(program<"p">(body), { p: 0.7 }, at, { lanes, precision });
    check(one(({ p }, draw) => draw.normal(p, 3)), 0.7, 9);
    check(one(({ p }, draw) => draw.exponential(p)), 1 / 0.7, 1 / 0.49);
    check(one(({ p }, draw) => draw.uniform(p, 2)), 1.35, 1.3 ** 2 / 12);
    check(one(({ p }, draw) => draw.gamma(p, 2)), 0.35, 0.175);
    check(one(({ p }, draw) => draw.gamma(p.mul(100), 2)), 35, 17.5);
    check(one(({ p }, draw) => draw.poisson(p.mul(2000))), 1400, 1400);
    check(one(({ p }, draw) => draw.binomial(3000, p)), 2100, 630);
  });

  test("continuous programs have their derivatives, pathwise and by their scores", () => {
    const body = program<"a" | "b">(({ a, b }, draw) => draw.normal(a, b).square().add(draw.gamma(a, b)).add(draw.exponential(a.mul(b))));
    // a² + b² + a / b + 1 / (a b)
    const [a, b] = [1.5, 0.8];
    const slopes = { a: 2 * a + 1 / b - 1 / (a * a * b), b: 2 * b - a / b ** 2 - 1 / (a * b * b) };
    for (const method of ["pathwise", "pruned", "score-function"] as const) {
      const { derivative: d, standardError } = derivative(body, { a, b }, at, { samples: 60_000, method, precision });
      for (const name of ["a", "b"] as const) expect(Math.abs(d[name] - slopes[name])).toBeLessThan(4 * standardError[name]);
    }
  });
});

test("vectors and matrices of parameters have derivatives of their shape, in the precision of their arrays", () => {
  const layer = program(({ W, x }, draw) => draw.bernoulli(draw.constant([1, 1]).mul(x).matmul(W).sigmoid()).dot([1, 2, 4]), { W: [2, 3], x: [2] });
  const W = Float32Array.of(0.5, -0.2, 0.1, 0.3, 0.8, -0.6);
  const x = Float32Array.of(1, -0.5);
  const { derivative: d, standardError } = derivative(layer, { W, x }, at, { samples: 40_000 });
  expect(d.W).toBeInstanceOf(Float32Array);
  const p = [0, 1, 2].map((j) => 1 / (1 + Math.exp(-(x[0]! * W[j]! + x[1]! * W[3 + j]!))));
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) expect(Math.abs(d.W[3 * i + j]! - 2 ** j * p[j]! * (1 - p[j]!) * x[i]!)).toBeLessThan(4 * standardError.W[3 * i + j]!);
    const slope = p.reduce((sum, q, j) => sum + 2 ** j * q * (1 - q) * W[3 * i + j]!, 0);
    expect(Math.abs(d.x[i]! - slope)).toBeLessThan(4 * standardError.x[i]!);
  }
});

test("a long program lowers and runs, in memory that does not grow with it", () => {
  const walk = (steps: number) => program<"p">(({ p }, draw) => {
    let n = draw.constant(0);
    for (let i = 1; i <= steps; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / (2 * steps)).add(1))));
    return n;
  });
  const n = run(walk(5000), { p: 0.5 }, at, { lanes: 100 });
  expect(n.reduce((sum, one) => sum + one, 0) / 100 / 5000).toBeCloseTo(0.3264, 2);
  const { derivative: d, standardError } = derivative(walk(1000), { p: 0.5 }, at, { samples: 3000 });
  const differences = derivative(walk(1000), { p: 0.5 }, at, { samples: 3000, method: "differences", step: 0.05 });
  expect(Math.abs(d.p - differences.derivative.p)).toBeLessThan(4 * Math.hypot(standardError.p, differences.standardError.p) + 1);
});

describe("what cannot be is refused with a cure", () => {
  const of = (body: Parameters<typeof program<"p">>[0]) => () => stochasticTriple(program<"p">(body), { p: 0.5 }, at);
  test.each<[string, () => unknown, RegExp]>([
    ["a comparison in JavaScript", of(({ p }, draw) => ((draw.bernoulli(p) as unknown as number) > 0.5 ? p : p.neg())), /a node has no number while the formula is traced.*where/],
    ["a step of what moves", of(({ p }, draw) => draw.uniform(0, 1).lt(p)), /stochasticTriple: lt of a value that moves.*draw\.bernoulli/],
    ["a condition that moves", of(({ p }, draw) => where(p, draw.bernoulli(p), 0)), /where of a value that moves/],
    ["an index that moves", of(({ p }, draw) => draw.constant([1, 2]).at(p)), /at of a value that moves/],
    ["trials that move", of(({ p }, draw) => draw.binomial(p.mul(10), p)), /the trials of a binomial draw cannot move/],
    ["a discrete draw of a path", () => derivative(program<"p">(({ p }, draw) => draw.bernoulli(p)), { p: 0.5 }, at, { samples: 10, method: "pathwise" }), /continuous in the parameters, got bernoulli\. Use method "pruned"/],
    ["a score of bounds", () => derivative(program<"p">(({ p }, draw) => draw.uniform(0, p)), { p: 0.5 }, at, { samples: 10, method: "score-function" }), /uniform has no score in its high/],
    ["an unknown method", () => derivative(mixed, { p: 0.5 }, at, { samples: 10, method: "best" as never }), /"method" expected one of pruned/],
    ["a wide result", () => derivative(mixed, { p: 0.5 }, at, { samples: 10 }), /"program" expected a result of width 1, got width 12/],
    ["a missing parameter", () => run(program<"p">(({ p }) => p), {} as never, at, { lanes: 1 }), /"parameters\.p" expected a number or an array, got undefined/],
    ["a parameter too many", () => run(program(({ p }) => p, { p: [1] }), { p: 1, q: 2 } as never, at, { lanes: 1 }), /"parameters" expected p, got also q/],
    ["mixed precision", () => run(program<"p" | "q">(({ p, q }) => p.add(q)), { p: Float32Array.of(1), q: Float64Array.of(1) }, at, { lanes: 1 }), /one precision/],
    ["a number that is none", () => run(program<"p">(({ p }) => p), { p: Number.NaN }, at, { lanes: 1 }), /"parameters\.p" expected a finite number, got NaN/],
    ["no lanes", () => run(mixed, { p: 0.5 }, at, { lanes: 0 }), /"lanes" expected integer >= 1, got 0/],
    ["no program", () => run((() => 1) as never, { p: 0.5 }, at, { lanes: 1 }), /"program" expected a program/],
    ["no node", () => run(program<"p">(() => 3 as never), { p: 0.5 }, at, { lanes: 1 }), /"body" expected to return a node of its own trace, got 3/],
    ["two parameters of a triple", () => stochasticTriple(program<"p" | "q">(({ p, q }) => p.add(q)), { p: 1, q: 2 }, at), /"parameters" expected one number, got 2 numbers/],
    ["a misspelt option", () => run(mixed, { p: 0.5 }, at, { lane: 1 } as never), /lane/],
  ])("%s", (_, call, sentence) => {
    expect(call).toThrow(sentence);
  });

  test("but comparing what jumps is right", () => {
    const { derivative: d, standardError } = derivative(program<"p">(({ p }, draw) => draw.binomial(3, p).gt(1)), { p: 0.5 }, at, { samples: 20_000 });
    expect(Math.abs(d.p - 1.5)).toBeLessThan(4 * standardError.p);
  });
});

/** The numbers are part of the interface: who has a key has these. A change of them is value-breaking. */
test.each(["f64", "f32"] as const)("the draws of a key in %s", async (precision) => {
  const drawn = run(mixed, { p: 0.5 }, key(2024), { lanes: 2, precision });
  await expect(`${JSON.stringify([...drawn], undefined, 1)}\n`).toMatchFileSnapshot(`../values/program-${precision}.json`);
});

test("programs without parameters, and parameters without effect, have values and derivatives of 0", () => {
  const still = derivative(program((_, draw) => draw.normal(1, 1)), {}, at, { samples: 1000 });
  expect(Math.abs(still.value - 1)).toBeLessThan(4 * still.valueStandardError);
  expect(still.derivative).toEqual({});
  const unused = derivative(program<"p" | "q">(({ p }, draw) => draw.bernoulli(p)), { p: 0.5, q: 2 }, at, { samples: 1000 });
  expect([unused.derivative.q, unused.standardError.q]).toEqual([0, 0]);
  expect(Math.abs(unused.derivative.p - 1)).toBeLessThan(4 * unused.standardError.p);
});
