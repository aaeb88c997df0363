import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, binomial, categorical, type Distribution, enumerate, expectation, gradient, independent, type Integrand, joint, key, leaveOneOut, movingAverage, multinomial, none, normal,
  oneHotCategorical, plackettLuce, raoBlackwell, scoreFunction,
} from "../../src/index.ts";
import { agrees, type Any, enumerated } from "./problems.ts";
import { replicates } from "./replicates.ts";

type Params = Readonly<Record<string, readonly number[]>>;

/** No sum over coordinates, of draws of any width. */
const curved = (dim: number): Integrand => batched((x, value) => value.forEach((_, i) => {
  let [sum, product] = [0, 1];
  for (let j = 0; j < dim; j++) {
    sum += (j + 1) * x[i * dim + j]!;
    product *= 1 + 0.5 * x[i * dim + j]!;
  }
  value[i] = Math.sin(sum) + product + 3;
}));

const subjects: readonly (readonly [title: string, p: Distribution, params: Params, coordinates: readonly (number | string)[]])[] = [
  ["two of three flips", bernoulli(3), { logits: [0.3, -0.8, 1.2] }, [2, 0]],
  ["one of two choices", independent(categorical(3), 2), { logits: [0.5, -1, 0.25, 2, 0, 0.1] }, [1]],
  ["one of two one-hot rows, by its middle column", independent(oneHotCategorical(3), 2), { logits: [0.5, -1, 0.25, 2, 0, 0.1] }, [4]],
  ["one of two counts", binomial(2, 3), { logits: [0.5, -1] }, [1]],
  ["copies of counts", independent(binomial(1, 2), 3), { logits: [0.5, -1, 0.2] }, [0, 2]],
  ["a row of counts beside flips", joint({ m: multinomial(3, 2), z: bernoulli(2) }), { "m.logits": [0.5, 0, -1], "z.logits": [0.3, -0.6] }, ["m", 4]],
  ["a ranking beside a choice", joint({ r: plackettLuce(3), c: categorical(3) }), { "r.logits": [0.5, 0, -1], "c.logits": [0.3, -0.6, 0] }, ["r"]],
  ["a part of a joint family, and a flip of another", joint({ z: bernoulli(2), c: categorical(3) }), { "z.logits": [0.3, -0.6], "c.logits": [0.3, -0.6, 0] }, ["c", 0]],
];

describe("Rao–Blackwell over some variables", () => {
  it.each(subjects)("%s: unbiased, whatever the baseline", (_, p, params, coordinates) => {
    const f = curved(p.dim);
    const exact = enumerated(p, f, params);
    for (const baseline of [leaveOneOut(), none(), movingAverage({ decay: 0.9 })]) agrees(replicates(p, f, raoBlackwell({ coordinates, baseline }) as Any, params, { samples: 2, count: 8000 }), exact);
  });

  it.each(subjects)("%s: the same in f32, for the second problem of a batch", (_, p, params, coordinates) => {
    const exact = enumerated(p, curved(p.dim), params);
    using grad = gradient(expectation(p, curved(p.dim)), raoBlackwell({ coordinates }) as never, { samples: 20_000, batch: 2, precision: "f32" });
    const given = Object.fromEntries(Object.entries(params).map(([name, own]) => [name, Float32Array.from([...own.map((v) => 0.5 * v), ...own])]));
    const { gradient: g, standardError } = grad.estimate(given as never, key(3)) as unknown as Record<"gradient" | "standardError", Record<string, Float32Array>>;
    for (const [name, own] of Object.entries(exact)) own.forEach((slope, j) => expect(Math.abs(g[name]![own.length + j]! - slope), `${name}[${j}]`).toBeLessThan(4.5 * standardError[name]![own.length + j]! + 2e-5));
  });

  it("has no noise at all where every variable is chosen, and asks for one sample", () => {
    const p = joint({ z: bernoulli(2), c: oneHotCategorical(3) });
    const params = { "z.logits": Float64Array.of(0.3, -0.6), "c.logits": Float64Array.of(0.3, -0.6, 0) };
    using all = gradient(expectation(p, curved(5)), raoBlackwell({ coordinates: ["c", 1, 0] }), { samples: 9 });
    using exact = gradient(expectation(p, curved(5)), enumerate(), { samples: 1 });
    const [a, b] = [all.estimate(params, key(1)), exact.estimate(params, key(1))];
    expect(a.evaluations).toEqual(b.evaluations);
    expect(a.value[0]).toBeCloseTo(b.value[0]!, 13);
    for (const name of ["z.logits", "c.logits"] as const) {
      b.gradient[name].forEach((g, j) => expect(a.gradient[name][j]).toBeCloseTo(g, 13));
      expect(a.standardError[name].every((error) => error === 0)).toBe(true);
    }
  });

  it("leaves what cannot be counted through to be drawn: flips beside a normal", () => {
    // f = a w² + b w + 2 a b: E f = p (m² + s²) + q m + 2 p q.
    const p = joint({ w: normal(1), z: bernoulli(2) });
    const params = { "w.mean": [0.7], "w.logScale": [-0.3], "z.logits": [0.4, -0.2] };
    const f = batched((x, value) => value.forEach((_, i) => {
      const [w, a, b] = [x[3 * i]!, x[3 * i + 1]!, x[3 * i + 2]!];
      value[i] = a * w * w + b * w + 2 * a * b;
    }));
    const [pa, pb] = params["z.logits"].map((l) => 1 / (1 + Math.exp(-l))) as [number, number];
    const [m, v] = [0.7, Math.exp(-0.6)];
    const exact = { "w.mean": [2 * pa * m + pb], "w.logScale": [2 * pa * v], "z.logits": [pa * (1 - pa) * (m * m + v + 2 * pb), pb * (1 - pb) * (m + 2 * pa)] };
    for (const coordinates of [["z"], [1], [2, 1]]) agrees(replicates(p, f, raoBlackwell({ coordinates }) as Any, params, { samples: 2, count: 20_000 }), exact);
  });

  it("never has more variance than leave-one-out at as many evaluations, where the chosen one carries f", () => {
    // Three choices among three; f = 4 x₀ + x₁ x₂: the first carries most of its variance. 3 evaluations a sample, of 4 samples: 12 draws.
    const p = independent(categorical(3), 3);
    const params = { logits: [0.2, -0.4, 0.3, 0, 0.5, -0.5, -0.2, 0.1, 0.4] };
    const f = batched((x, value) => value.forEach((_, i) => (value[i] = 4 * x[3 * i]! + x[3 * i + 1]! * x[3 * i + 2]!)));
    const summed = replicates(p, f, raoBlackwell({ coordinates: [0] }) as Any, params, { samples: 4, count: 20_000 }).variance["logits"]!;
    const drawn = replicates(p, f, scoreFunction() as Any, params, { samples: 12, count: 20_000 }).variance["logits"]!;
    const ratios = summed.map((own, j) => own / drawn[j]!);
    ratios.forEach((ratio) => expect(ratio).toBeLessThan(1));
    expect(ratios.slice(0, 3).every((ratio) => ratio < 1e-20)).toBe(true); // exact
  });
});

