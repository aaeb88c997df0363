import { describe, expect, test } from "vitest";
import {
  adam, bernoulli, constant, enumerate, expectation, expression, gradient, gumbelSinkhorn, gumbelSoftmax, key, minimize, oneHotPlackettLuce, permutation, type Precision, rebar, relax, scoreFunction, straightThrough,
} from "../../src/index.ts";

const array = (precision: Precision, values: readonly number[]) => (precision === "f64" ? Float64Array.from(values) : Float32Array.from(values));

/** Curved, and of each entry of the matrix something else. */
const cost = (n: number) => expression((x) => x.mul(Array.from({ length: n * n }, (_, k) => Math.sin(3 * k + 1))).sum().square().add(x.mul(Array.from({ length: n * n }, (_, k) => k % n)).sum().mul(0.3)));

/** The mean gradient over many estimates, learning or not, with its error by the spread between them. */
function meanOf(grad: { estimate: (params: never, k: ReturnType<typeof key>, options?: object) => { readonly gradient: { readonly logits: ArrayLike<number> } } }, params: { logits: ArrayLike<number> }, count: number, learn: boolean) {
  const each = Array.from({ length: count }, (_, i) => Array.from(grad.estimate(params as never, key(5).fold(i), { learn }).gradient.logits));
  const mean = each[0]!.map((_, j) => each.reduce((sum, one) => sum + one[j]!, 0) / count);
  return { mean, error: mean.map((m, j) => Math.sqrt(each.reduce((sum, one) => sum + (one[j]! - m) ** 2, 0) / (count - 1) / count)) };
}

const within = ({ mean, error }: ReturnType<typeof meanOf>, truth: ArrayLike<number>, slack = 0): void =>
  mean.forEach((own, j) => expect(Math.abs(own - truth[j]!), `number ${j}: ${own} ± ${error[j]}, exact ${truth[j]}`).toBeLessThan(4 * error[j]! + slack));

const unbiased = { scoreFunction: () => scoreFunction(), rebar: () => rebar(), relax: () => relax(), "relax with f relaxed": () => relax({ relaxed: {} }), "rebar with a baseline": () => rebar({ baseline: constant(1.5) }) } as const;

describe.each(["f64", "f32"] as const)("rankings as matrices, %s", (precision) => {
  const logits = [0.3, -1.2, 1, /**/ 0, 0.5, 0.1];
  const params = { logits: array(precision, logits) };
  const exact = (() => {
    using grad = gradient(expectation(oneHotPlackettLuce(3), cost(3)), enumerate(), { samples: 1, batch: 2, precision });
    return grad.estimate(params as never, key(1)).gradient.logits;
  })();

  test.each(Object.entries(unbiased))("%s is unbiased, at rest and while it learns", (_, by) => {
    for (const learn of [false, true]) {
      using grad = gradient(expectation(oneHotPlackettLuce(3), cost(3)), by() as never, { samples: 32, batch: 2, precision });
      within(meanOf(grad as never, params, 400, learn), exact, precision === "f32" ? 1e-4 : 0);
    }
  });

  test("with eight items, too: against the score function", () => {
    const wide = { logits: array(precision, Array.from({ length: 8 }, (_, k) => Math.sin(k * k))) };
    using scored = gradient(expectation(oneHotPlackettLuce(8), cost(8)), scoreFunction(), { samples: 100, precision });
    using conditioned = gradient(expectation(oneHotPlackettLuce(8), cost(8)), rebar({ temperature: 1 }), { samples: 20, precision });
    const [a, b] = [meanOf(scored as never, wide, 300, false), meanOf(conditioned as never, wide, 150, true)];
    a.mean.forEach((own, j) => expect(Math.abs(own - b.mean[j]!)).toBeLessThan(4 * Math.hypot(a.error[j]!, b.error[j]!) + 1e-4));
  });
});

test("a control variate that has learned leaves less noise than leave-one-out on a ranking", () => {
  const params = { logits: Float64Array.of(0.3, -1.2, 1, 0.4) };
  const noise = (by: never): number => {
    using grad = gradient(expectation(oneHotPlackettLuce(4), cost(4)), by, { samples: 32 }) as unknown as { estimate: (p: object, k: unknown, o?: object) => { standardError: { logits: Float64Array } }; [Symbol.dispose](): void };
    for (let step = 0; step < 1500; step++) grad.estimate(params, key(step));
    const { standardError } = grad.estimate(params, key("after"), { learn: false });
    return standardError.logits.reduce((sum, error) => sum + error ** 2, 0) * 32;
  };
  // One value of f a sample, both.
  expect(noise(relax() as never)).toBeLessThan(0.7 * noise(scoreFunction() as never));
});

/** P(identity) and its density in l₀₀ + l₁₁ − l₀₁ − l₁₀ for permutations of two: the sum of two logistic variables, by the trapezoidal rule. */
function ofTwo(d: number): { readonly probability: number; readonly density: number } {
  const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));
  const slope = (u: number): number => sigmoid(u) * sigmoid(-u);
  let [probability, density] = [0, 0];
  const step = 0.05;
  for (let u = -60; u <= 60; u += step) {
    probability += step * slope(u) * sigmoid(d - u);
    density += step * slope(u) * slope(d - u);
  }
  return { probability, density };
}

describe.each(["f64", "f32"] as const)("permutations of two, %s", (precision) => {
  const logits = [0.4, -0.2, 0.1, 0.9];
  const params = { logits: array(precision, logits) };
  const f = ([a, b, c, d]: readonly number[]): number => {
    const s = [a!, b!, c!, d!].reduce((sum, x, k) => sum + x * Math.sin(3 * k + 1), 0);
    return s * s + 0.3 * (b! + d!);
  };
  const { probability, density } = ofTwo(logits[0]! + logits[3]! - logits[1]! - logits[2]!);
  const [identity, swap] = [f([1, 0, 0, 1]), f([0, 1, 1, 0])];
  const exact = [1, -1, -1, 1].map((sign) => sign * density * (identity - swap));

  test.each([["rebar", () => rebar()], ["relax", () => relax()], ["relax with f relaxed", () => relax({ relaxed: {} })], ["rebar with a baseline", () => rebar({ baseline: constant(0.7) })]] as const)("%s is unbiased by the score of the latent, at rest and while it learns", (_, by) => {
    for (const learn of [false, true]) {
      using grad = gradient(expectation(permutation(2), cost(2)), by() as never, { samples: 64, precision });
      within(meanOf(grad as never, params, 400, learn), exact, precision === "f32" ? 1e-4 : 0);
      const value = (grad as unknown as { value: (p: object, k: unknown) => ArrayLike<number> }).value(params, key(9))[0]!;
      expect(Math.abs(value - (probability * identity + (1 - probability) * swap))).toBeLessThan(1);
    }
  });
});

describe.each([["permutation", permutation(3), 9], ["oneHotPlackettLuce", oneHotPlackettLuce(3), 3]] as const)("the relaxation of %s", (_, family, width) => {
  const at = (values: readonly number[]) => ({ logits: Float64Array.from(values) });
  const logits = Array.from({ length: width }, (_, k) => Math.cos(k * k));

  test.each([["gumbelSoftmax", gumbelSoftmax], ["gumbelSinkhorn", gumbelSinkhorn]] as const)("by %s has the derivative of its own value, draw by draw", (_, by) => {
    using grad = gradient(expectation(family as never, cost(3)), by({ temperature: 0.7 }) as never, { samples: 16 }) as never as { estimate: (p: object, k: unknown) => { gradient: { logits: Float64Array }; value: Float64Array; biased: readonly string[] }; [Symbol.dispose](): void };
    const { gradient: found, biased } = grad.estimate(at(logits), key(3));
    expect(biased).toEqual(["value", "logits"]);
    for (let j = 0; j < width; j++) {
      const value = (h: number): number => grad.estimate(at(logits.map((own, k) => own + (k === j ? h : 0))), key(3)).value[0]!;
      expect(found.logits[j]!).toBeCloseTo((value(1e-5) - value(-1e-5)) / 2e-5, 7);
    }
  });

  test("leads f's slope at the hard draw through the soft one: where f is linear, as if it were soft", () => {
    const linear = expression((x) => x.mul(Array.from({ length: 9 }, (_, k) => Math.sin(3 * k + 1))).sum());
    const by = (estimator: object): { gradient: { logits: Float64Array }; value: Float64Array } => {
      using grad = gradient(expectation(family as never, linear), estimator as never, { samples: 16 }) as never as { estimate: (p: object, k: unknown) => { gradient: { logits: Float64Array }; value: Float64Array }; [Symbol.dispose](): void };
      return grad.estimate(at(logits), key(3));
    };
    const [soft, ...hard] = [gumbelSinkhorn({ temperature: 0.7 }), gumbelSinkhorn({ temperature: 0.7, hard: true }), gumbelSoftmax({ temperature: 0.7, hard: true }), straightThrough({ temperature: 0.7 })].map(by);
    for (const one of hard) {
      one.gradient.logits.forEach((own, j) => expect(own).toBeCloseTo(soft!.gradient.logits[j]!, 12));
      expect(one.value[0]).not.toBeCloseTo(soft!.value[0]!, 3);
    }
  });
});

test("gumbelSinkhorn wants matrices", () => {
  expect(() => gradient(expectation(bernoulli(2), cost(1) as never), gumbelSinkhorn({ temperature: 1 }) as never, { samples: 2 })).toThrow("gumbelSinkhorn: bernoulli has no relaxation by doubly stochastic matrices.");
  expect(() => gumbelSinkhorn({ temperature: 0 })).toThrow(RangeError);
});

test("a ranking is learned by RELAX from the values of f alone", async () => {
  const wanted = [2, 0, 3, 1];
  const distance = expression((x) => x.sub(wanted.flatMap((item) => [0, 1, 2, 3].map((i) => Number(i === item)))).square().sum());
  const grad = gradient(expectation(oneHotPlackettLuce(4), distance), relax(), { samples: 16 });
  let params: { readonly logits: Float64Array } = { logits: new Float64Array(4) };
  for await (const progress of minimize(grad, { params, optimizer: adam({ rate: 0.1 }), key: key(1), steps: 300 })) params = progress.params;
  expect([...params.logits.keys()].toSorted((a, b) => params.logits[b]! - params.logits[a]!)).toEqual(wanted);
});
