import type { Points, Precision } from "../../src/index.ts";
import { array, both, type Case } from "./case.ts";
import { BATCH, type Gradex } from "./subjects.ts";

const SHAPE = { rows: 4, columns: 5 } as const;

const costs = (precision: Precision): Points => array(precision, BATCH * SHAPE.rows * SHAPE.columns).map((x) => x * x) as Points;

/** Transport, soft and exact orders, with their derivatives. */
export const TRANSPORT_CASES: readonly Case[] = [
  ...both("matching", ({ matching }, precision) => [false, true].map((minimize) => [[4, 5], [5, 4]].map(([rows, columns]) => matching(costs(precision), { rows: rows!, columns: columns!, batch: BATCH, minimize })))),
  ...both("sinkhorn", transports),
  ...both("sinkhorn, step by step", async ({ sinkhornSteps }, precision) => {
    const steps: unknown[] = [];
    for await (const step of sinkhornSteps({ cost: costs(precision) }, { ...SHAPE, regularization: 0.05, every: 7, maximumIterations: 50 })) {
      steps.push([step.iterations, step.marginalError, step.converged, step.transport().rowPotentials]);
    }
    return steps;
  }),
  ...both("sinkhorn divergence", ({ sinkhornDivergence }, precision) => {
    const clouds = { x: array(precision, BATCH * 4 * 2), y: array(precision, BATCH * 5 * 2, 2), xWeights: array(precision, 4).fill(1.25), yWeights: array(precision, 5).fill(1) };
    const divergence = sinkhornDivergence(clouds, { dim: 2, batch: BATCH, regularization: 0.25 });
    return [divergence, divergence.pullback(array(precision, BATCH))];
  }),
  ...both("soft orders", ({ softQuantile, softRank, softSort, softTopK }, precision) => {
    const options = { width: 6, regularization: 0.05 };
    const x = array(precision, BATCH * 6);
    return [softSort(x, options), softRank(x, options), softQuantile(x, { ...options, levels: [0.25, 0.5] }), softTopK(x, { ...options, count: 2 })].map((order) => [order, order.pullback(array(precision, order.values.length))]);
  }),
  ...both("expression with a plan and a chosen entry", chosen),
];

function transports({ sinkhorn }: Gradex, precision: Precision): unknown {
  const cost = costs(precision);
  const cotangents = { plan: array(precision, cost.length), rowPotentials: array(precision, BATCH * SHAPE.rows), objective: array(precision, BATCH) };
  const regularization = 0.25;
  const plain = ([{}, { domain: "logarithmic" }] as const).map((options) => sinkhorn({ cost }, { ...SHAPE, ...options, regularization }));
  const faster = ([{ annealing: { from: 2 } }, { overRelaxation: 1.5 }, { overRelaxation: "adaptive" }, { anderson: 4 }] as const).map((options) => sinkhorn({ cost }, { ...SHAPE, ...options, regularization }));
  const paid = sinkhorn({ cost }, { ...SHAPE, regularization, rowStrength: 2, columnStrength: 3 });
  const ofLogits = sinkhorn({ logits: array(precision, cost.length) }, { ...SHAPE, temperature: 0.5 });
  return [
    [...plain, ...faster, paid, ofLogits].map((transport) => [transport, transport.plan(), transport.pullback(cotangents)]),
    [...plain, ofLogits].map((transport) => transport.pullback(cotangents, { through: "iterations" })),
  ];
}

/** The plan of logits that are drawn, beside an entry that a draw names. */
function chosen({ expectation, expression, gradient, joint, categorical, each, key, normal, pathwise, scoreFunction }: Gradex, precision: Precision): unknown {
  const p = joint({ k: categorical(4), z: normal(6) });
  const f = expression((x, { W, t }) => {
    const z = x.slice(1, 7);
    return z.sinkhorn({ rows: 2, columns: 3, temperature: t.exp(), iterations: 6 }).dot(W).add(W.at(x.at(0)).square()).add(z.at(x.at(0)));
  }, { W: [6], t: [1] });
  using grad = gradient(expectation(p, f), each({ k: scoreFunction(), z: pathwise() }), { samples: 40, batch: BATCH, precision });
  const theta = { "k.logits": array(precision, 4 * BATCH), "z.mean": array(precision, 6 * BATCH), "z.logScale": array(precision, 6 * BATCH) };
  return grad.estimate({ ...theta, W: array(precision, 6), t: array(precision, 1) } as never, key(40));
}
