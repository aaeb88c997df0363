import type { Points, Precision } from "../../src/index.ts";
import { array, both, type Case, words } from "./case.ts";
import { BATCH, type Gradex, integrand } from "./subjects.ts";

/** What is not found by its kind, as families and estimators are. A new case is one line. */
export const BASIC_CASES: readonly Case[] = [
  ["key of numbers, bigints and text", ({ key }) => [0, 1, 2 ** 52 + 1, 1n << 63n, "", "a", "gradex: ∇E[f(x)]"].map((seed) => words(key(seed)))],
  ["key.fold", ({ key }) => [0, 1, 2 ** 40, "1", "step"].map((data) => words(key(7).fold(data).fold(data)))],
  ["key.split", ({ key }) => key(7).split(1000).map(words)],
  ...both("baselines", baselines),
  ...both("expression", formulas),
  ...both("given a network, minus kl", amortised),
  ...both("plus entropy", (gradex, precision) => {
    const { bernoulli, disarm, entropy, expectation, gradient, key } = gradex;
    return gradient(expectation(bernoulli(4), integrand(gradex), { plus: entropy() }), disarm(), { samples: 16, precision }).estimate({ logits: array(precision, 4) }, key(5));
  }),
  ...both("batched, per sample", ({ batched, bernoulli, expectation, gradient, key, scoreFunction }, precision) =>
    gradient(expectation(bernoulli(1), batched((x, value) => value.set(x as Float64Array))), scoreFunction(), { samples: 9, precision }).perSample({ logits: array(precision, 1) }, key(6))),
  ...both("proposed and combined", ({ bernoulli, expectation, gradient, key, remote, scoreFunction }, precision) => {
    const grad = gradient(expectation(bernoulli(1), remote()), scoreFunction(), { samples: 30, precision });
    const { hard } = grad.propose({ logits: array(precision, 1) }, key(8));
    return grad.combine({ hard: hard.map((x) => 3 * x) as Points });
  }),
  ...both("refine", async (gradex, precision) => {
    const { bernoulli, expectation, gradient, key, scoreFunction } = gradex;
    const grad = gradient(expectation(bernoulli(2), integrand(gradex)), scoreFunction(), { samples: 64, precision });
    const rounds: unknown[] = [];
    for await (const estimate of grad.refine({ logits: array(precision, 2) }, key(9), { evaluations: 1000 })) rounds.push(estimate);
    return rounds;
  }),
  ...both("minimize and maximize", followed),
  ...both("createCore", ({ createCore, key, normal }, precision) =>
    createCore({ memory: { maximum: 2 ** 24 } }).sample(normal(2), { mean: array(precision, 2), logScale: array(precision, 2) }, key(10), { samples: 2000 })),
];

function baselines(gradex: Gradex, precision: Precision): unknown {
  const { bernoulli, constant, expectation, gradient, key, leaveOneOut, linearBaseline, movingAverage, networkBaseline, none, scoreFunction } = gradex;
  const context = { seen: array(precision, 2 * BATCH) };
  return [constant(0.5), leaveOneOut(), linearBaseline({ seen: 2 }), movingAverage(), networkBaseline({ seen: 2 }), none()].map((baseline) => {
    const grad = gradient(expectation(bernoulli(3), integrand(gradex)), scoreFunction({ baseline }), { samples: 20, batch: BATCH, precision });
    return [0, 1, 2].map((step) => grad.estimate({ logits: array(precision, 3 * BATCH) }, key(2).fold(step), { context }));
  });
}

/** Every operation of the tape, forward and reverse. */
function formulas({ concatenate, expectation, expression, gradient, key, normal, pathwise, where }: Gradex, precision: Precision): unknown {
  const f = expression(
    (x, { W, c }) => {
      const y = x.matmul(W).add(c);
      const smooth = concatenate(y.tanh(), y.sigmoid(), y.softplus(), y.sin(), y.cos(), y.square().add(1).log(), y.exp().log1p(), y.div(4).expm1());
      const kinked = concatenate(y.abs(), y.relu(), y.maximum(0.1), y.minimum(x.at(0)), where(y.gt(0), y, y.mul(-0.5)), y.clamp(-1, 1));
      const reduced = concatenate(y.logSumExp(), y.max(), y.min(), y.mean(), y.dot(c), y.abs().add(0.5).sqrt().sum(), y.square().add(1).reciprocal().sum());
      return smooth.mean().add(kinked.sum()).sub(reduced.sum()).add(y.softmax().dot(y)).add(y.gather([2, 0]).pow(3).sum()).add(y.neg().slice(1, 3).sum());
    },
    { W: [3, 4], c: [4] },
  );
  const grad = gradient(expectation(normal(3), f), pathwise(), { samples: 70, batch: BATCH, precision });
  const theta = { mean: array(precision, 3 * BATCH), logScale: array(precision, 3 * BATCH) };
  return grad.estimate({ ...theta, W: array(precision, 12), c: array(precision, 4, 0.5) }, key(3));
}

function amortised(gradex: Gradex, precision: Precision): unknown {
  const { bernoulli, disarm, expectation, given, gradient, key, kl, network } = gradex;
  const encoder = network(({ counts, U, a }) => ({ logits: counts.log1p().matmul(U).add(a) }), { U: [3, 5], a: [5] }, { counts: 3 });
  const prior = kl({ logits: Float64Array.from({ length: 5 }, () => -0.5) });
  const grad = gradient(expectation(given(bernoulli(5), encoder), integrand(gradex), { minus: prior }), disarm(), { samples: 8, batch: BATCH, precision });
  const counts = array(precision, 3 * BATCH).map((x) => x * x) as Points;
  return grad.estimate({ U: array(precision, 15), a: array(precision, 5) }, key(4), { context: { counts } });
}

async function followed(gradex: Gradex, precision: Precision): Promise<unknown> {
  const { adam, enumerate, expectation, bernoulli, gradient, key, maximize, minimize, momentum, optimization, sgd } = gradex;
  const grad = gradient(expectation(bernoulli(3), integrand(gradex)), enumerate(), { samples: 1, precision });
  const ends: unknown[] = [];
  for (const follow of [minimize, maximize]) {
    for (const optimizer of [adam({ rate: 0.1 }), sgd({ rate: 0.1 }), momentum({ rate: 0.1 })]) {
      for await (const { params } of follow(grad, { params: { logits: array(precision, 3) }, optimizer, key: key(11), steps: 20 })) ends.push({ ...params });
    }
  }
  const params = { logits: array(precision, 3) };
  optimization(adam(), params).step(params, { logits: array(precision, 3) });
  return [ends, params];
}
