import type { Estimator, Points, Precision } from "../../src/index.ts";
import { array, both, type Case } from "./case.ts";
import { BATCH, type Gradex, integrand, parameters } from "./subjects.ts";

/** Families made of families, and options of estimators: what learns makes several steps. */
export const ESTIMATOR_CASES: readonly Case[] = [
  ...both("point sets", pointSets),
  ...both("per coordinate, delta method", controlled),
  ...both("control variate", varied),
  ...both("joint, each", together),
  ...both("independent", (gradex, precision) => [gradex.independent(gradex.bernoulli(2), 3), gradex.independent(gradex.oneHotCategorical(3), 2)].map((p) => composed(gradex, p, [gradex.disarm(), gradex.scoreFunction()], precision))),
  ...both("transformed", (gradex, precision) => {
    const { normal, pathwise, scoreFunction, transformed } = gradex;
    return (["exp", "sigmoid", "tanh", "softplus", { shift: 0.5, scale: -2 }] as const).map((through) => composed(gradex, transformed(normal(3), through), [pathwise(), scoreFunction()], precision));
  }),
  ...both("mixture", (gradex, precision) => composed(gradex, gradex.mixtureSameFamily(gradex.normal(1), 2), [gradex.pathwise(), gradex.scoreFunction()], precision)),
  ...both("truncated on one side", (gradex, precision) => [{ low: -Infinity, high: 0.5 }, { low: 0.25, high: Infinity }].map((ends) => composed(gradex, gradex.truncatedNormal(3, ends), [gradex.pathwise()], precision))),
  ...both("importance bounds", bounds),
  ...both("annealed", (gradex, precision) => {
    const { annealed, bernoulli, gappedStraightThrough, gumbelSoftmax, oneHotCategorical } = gradex;
    const temperature = annealed({ from: 2, to: 0.5, steps: 4 });
    return [temperature(1), temperature(3), learned(gradex, bernoulli(3), gumbelSoftmax({ temperature }), precision), learned(gradex, oneHotCategorical(3), gappedStraightThrough({ temperature }), precision)];
  }),
  ...both("learned controls", learnedControls),
  ...both("estimators of one's own", (gradex, precision) => {
    const { biasedEstimator, estimator, normal, pathwise, scoreFunction } = gradex;
    const own = estimator({ ...(scoreFunction() as unknown as Parameters<typeof estimator>[0]), name: "own" });
    const biased = biasedEstimator({ ...(pathwise() as unknown as Parameters<typeof estimator>[0]), name: "biased", unbiased: false, biased: ["distribution"] });
    return composed(gradex, normal(3), [own, biased], precision);
  }),
];

type Composed = Parameters<typeof parameters>[0];

/** Draws and their densities, and an estimate of each estimator. */
function composed(gradex: Gradex, p: unknown, estimators: readonly unknown[], precision: Precision): unknown {
  const family = p as Composed;
  const theta = parameters(family, precision);
  const x = gradex.sample(family, theta, gradex.key(20), { samples: 30, batch: BATCH });
  const densities = [gradex.logProb, gradex.score].map((of) => of(family as never, theta as never, x, { batch: BATCH }));
  return [x, densities, estimators.map((by) => learned(gradex, p, by, precision, 1))];
}

/** So many estimates of an estimator that learns, and what it has learned. */
function learned(gradex: Gradex, p: unknown, by: unknown, precision: Precision, steps = 5): unknown {
  const { expectation, gradient, key } = gradex;
  using grad = gradient(expectation(p, integrand(gradex)), by as Estimator<unknown, unknown>, { samples: 20, batch: BATCH, precision });
  const theta = parameters(p as Composed, precision) as never;
  return [Array.from({ length: steps }, (_, step) => grad.estimate(theta, key(21).fold(step))), grad.state];
}

function pointSets(gradex: Gradex, precision: Precision): unknown {
  const { antithetic, bernoulli, halton, normal, pathwise, scoreFunction, sobol, stratified } = gradex;
  return [antithetic(), halton({ points: 7 }), sobol({ points: 8 }), stratified({ points: 5 })].map((noise) => [
    learned(gradex, normal(3), pathwise({ noise }), precision, 2),
    learned(gradex, bernoulli(3), scoreFunction({ noise }), precision, 2),
  ]);
}

function controlled({ bernoulli, deltaMethod, expectation, expression, gradient, key, multivariateNormal, normal, perCoordinate, scoreFunction }: Gradex, precision: Precision): unknown {
  const f = expression((x) => x.square().mul([0.5, 1, 2]).sum().add(x.at(0).mul(x.at(1)).sin()));
  return [
    [bernoulli(3), scoreFunction({ baseline: perCoordinate() })],
    [normal(3), scoreFunction({ controlVariate: deltaMethod() })],
    [normal(3), scoreFunction({ baseline: perCoordinate(), controlVariate: deltaMethod() })],
    [multivariateNormal(3), scoreFunction({ controlVariate: deltaMethod() })],
  ].map(([p, by]) => {
    using grad = gradient(expectation(p, f), by as Estimator<unknown, unknown>, { samples: 30, batch: BATCH, precision });
    return grad.estimate(parameters(p as Composed, precision) as never, key(22));
  });
}

/** h(x) = x₀ of flips; its mean at logits 0 is ½, and ¼ its slope. */
function varied(gradex: Gradex, precision: Precision): unknown {
  const { batched, bernoulli, expectation, gradient, key, scoreFunction } = gradex;
  const of = (...numbers: number[]): Points => (precision === "f64" ? Float64Array.from(numbers) : Float32Array.from(numbers));
  const control = batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]!)));
  const controlVariate = { control, mean: () => ({ value: of(0.5), gradient: { logits: of(0.25, 0) } }) };
  using grad = gradient(expectation(bernoulli(2), integrand(gradex)), scoreFunction({ controlVariate }), { samples: 30, precision });
  return grad.estimate({ logits: of(0, 0) }, key(23));
}

function together(gradex: Gradex, precision: Precision): unknown {
  const { bernoulli, disarm, each, joint, movingAverage, normal, pathwise, scoreFunction } = gradex;
  const p = joint({ z: bernoulli(2), w: normal(3) });
  return composed(gradex, p, [scoreFunction(), each({ z: disarm(), w: pathwise() }), each({ z: scoreFunction({ baseline: movingAverage() }), w: scoreFunction() })], precision);
}

function bounds(gradex: Gradex, precision: Precision): unknown {
  const { bernoulli, dreg, gradient, importanceBound, key, normal, pathwise, scoreFunction, stickingTheLanding, vimco } = gradex;
  return [
    [normal(3), 4, dreg()], [normal(3), 4, pathwise()], [normal(3), 1, stickingTheLanding()], [normal(3), 4, scoreFunction()],
    [normal(3), 4, vimco()], [bernoulli(3), 4, vimco()], [bernoulli(3), 4, scoreFunction()],
  ].map(([p, particles, by]) => {
    using grad = gradient(importanceBound(p, integrand(gradex), { particles: particles as number }), by as never, { samples: 20, batch: BATCH, precision });
    return [0, 1].map((step) => grad.estimate(parameters(p as Composed, precision) as never, key(24).fold(step)));
  });
}

function learnedControls(gradex: Gradex, precision: Precision): unknown {
  const { bernoulli, expression, lax, learnedControl, networkControl, normal, oneHotCategorical, rebar, relax } = gradex;
  const formula = expression((z, { W, b, v }) => z.mul(0.5).tanh().matmul(W).add(b).tanh().dot(v), { W: [3, 2], b: [2], v: [2] });
  const control = learnedControl(formula, { W: array("f64", 6), b: [0.125, -0.125], v: [0.5, 0.75] });
  const hidden = networkControl({ hidden: [5, 4] });
  return [
    [normal(3), lax({ controlVariate: control })], [normal(3), lax({ controlVariate: hidden, rate: 0.05 })],
    [bernoulli(3), relax({ controlVariate: control })], [bernoulli(3), relax({ controlVariate: hidden, relaxed: {} })], [oneHotCategorical(3), relax({ controlVariate: control })],
    [bernoulli(3), rebar({ eta: 0.5 })], [oneHotCategorical(3), rebar({ temperature: 0.75 })],
  ].map(([p, by]) => learned(gradex, p, by, precision));
}
