import { describe, expect, it } from "vitest";
import {
  bernoulli, categorical, certify, disarm, each, enumerate, type Estimator, expectation, expression, gradient, joint, key, movingAverage, normal, pathwise, scoreFunction,
} from "../../src/index.ts";

/** f(z, w) = (z₀ + 2 z₁ − 0.4)² w + w² z₁, and its expectation in closed form, by sums over z and moments of w. */
const f = expression((x, { a }) => x.at(0).add(x.at(1).mul(2)).sub(0.4).square().mul(x.at(2)).mul(a).add(x.at(2).square().mul(x.at(1))), { a: [1] });
const p = joint({ z: bernoulli(2), w: normal(1) });
const params = { "z.logits": Float64Array.of(0.5, -1), "w.mean": Float64Array.of(0.7), "w.logScale": Float64Array.of(-0.3), a: Float64Array.of(1.5) };

function value({ "z.logits": logits, "w.mean": [m], "w.logScale": [s], a: [a] }: typeof params): number {
  const probs = [...logits].map((l) => 1 / (1 + Math.exp(-l)));
  let total = 0;
  for (const [z0, z1] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
    const weight = (z0 ? probs[0]! : 1 - probs[0]!) * (z1 ? probs[1]! : 1 - probs[1]!);
    total += weight * ((z0 + 2 * z1 - 0.4) ** 2 * m! * a! + z1 * (m! ** 2 + Math.exp(2 * s!)));
  }
  return total;
}

function slopes(at: typeof params): Record<string, number[]> {
  return Object.fromEntries(Object.keys(at).map((name) => [name, [...at[name as keyof typeof params]].map((_, i) => {
    const moved = (by: number) => ({ ...at, [name]: at[name as keyof typeof params].map((own, j) => (i === j ? own + by : own)) });
    return (value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5;
  })]));
}

const choices = {
  "disarm and pathwise": each({ z: disarm(), w: pathwise() }),
  "the score function and pathwise": each({ z: scoreFunction(), w: pathwise() }),
  "pathwise named first, and a moving average": each({ w: pathwise(), z: scoreFunction({ baseline: movingAverage() }) }),
  "disarm and the score function": each({ z: disarm(), w: scoreFunction() }),
};

describe.each(Object.entries(choices))("each: %s", (_, by) => {
  it.each(["f64", "f32"] as const)("is unbiased in θ and in f's own parameters, in %s", (precision) => {
    const given = Object.fromEntries(Object.entries(params).map(([name, array]) => [name, precision === "f64" ? array : Float32Array.from(array)])) as unknown as typeof params;
    using grad = gradient(expectation(p, f), by as Estimator<typeof p, typeof f>, { samples: 401, precision: precision as "f64" });
    const exact = slopes(params);
    const rounds = Array.from({ length: 60 }, (__, round) => grad.estimate(given, key(3).fold(round)));
    for (const [name, truths] of Object.entries(exact)) {
      truths.forEach((truth, j) => {
        const own = rounds.map(({ gradient }) => (gradient as Record<string, Float64Array>)[name]![j]!);
        const mean = own.reduce((sum, x) => sum + x / 60, 0);
        const error = Math.sqrt(own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 59 / 60);
        expect(Math.abs(mean - truth) / error, `${name}[${j}]`).toBeLessThan(4);
      });
    }
    const mean = rounds.reduce((sum, one) => sum + one.value[0]! / 60, 0);
    expect(Math.abs(mean - value(params))).toBeLessThan(4 * rounds[0]!.valueStandardError[0]! / Math.sqrt(60) * 1.3);
  });
});

describe("each", () => {
  it("has less noise in w than one estimator for both", () => {
    using both = gradient(expectation(p, f), scoreFunction(), { samples: 3000 });
    using one = gradient(expectation(p, f), choices["disarm and pathwise"] as Estimator<typeof p, typeof f>, { samples: 1000 }); // 3 evaluations a sample
    const [a, b] = [both, one].map((grad) => grad.estimate(params, key(1)).standardError);
    expect(b!["w.mean"][0]).toBeLessThan(a!["w.mean"][0]!);
    expect(one.estimate(params, key(1)).evaluations).toEqual({ value: 2000, gradient: 1000 });
  });

  it("agrees with its own standard errors", () => {
    expect(certify(expectation(p, f), each({ z: disarm(), w: pathwise() }), { params, key: key(5), against: "differences", step: 0.1, rounds: 400 }).worst).toBeLessThan(4.5);
  });

  it("keeps what its parts have learned, by part", () => {
    const make = () => gradient(expectation(p, f), choices["pathwise named first, and a moving average"] as Estimator<typeof p, typeof f>, { samples: 8 });
    using first = make();
    using second = make();
    for (let step = 0; step < 3; step++) first.estimate(params, key(6).fold(step));
    expect(Object.keys(first.state.arrays)).toEqual(["z.movingAverage.average", "z.movingAverage.weight"]);
    second.state = JSON.parse(JSON.stringify(first.state));
    expect(second.estimate(params, key(7))).toEqual(first.estimate(params, key(7)));
  });

  it("refuses parts without an estimator, exact sums, and estimators that a part cannot have", () => {
    const loose = (by: unknown) => gradient(expectation(p, f), by as Estimator<typeof p, typeof f>, { samples: 4 });
    expect(() => loose(each({ z: disarm() }))).toThrow('each: "estimators.w" expected an estimator for each of z and w, and no other, got undefined');
    expect(() => loose(each({ z: disarm(), w: pathwise(), c: disarm() }))).toThrow('each: "estimators.c" expected an estimator for each of z and w, and no other, got "one"');
    expect(() => loose(each({ z: enumerate(), w: pathwise() }))).toThrow("each: enumerate of z is an exact sum. Use scoreFunction() or disarm() there, or enumerate() for all.");
    expect(() => loose(each({ z: pathwise(), w: pathwise() }))).toThrow("pathwise: bernoulli has no path.");
    expect(() => gradient(expectation(categorical(3), f) as never, each({ z: disarm() }) as never, { samples: 4 })).toThrow("each: categorical has no parts. Make it with joint({ … }).");
  });
});
