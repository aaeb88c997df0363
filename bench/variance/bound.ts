import { batched, bernoulli, differentiable, dreg, importanceBound, none, normal, pathwise, scoreFunction, stickingTheLanding, vimco } from "../../src/index.ts";
import { boundGradient, boundLeavingOneOut, boundPaths, boundScores, doublyReparameterized, samplesOf, vimcoVariance } from "./exact/bound.ts";
import { NORMAL } from "./exact/outcomes.ts";
import type { Problem } from "./problem.ts";

const JOINT = [Math.log(0.7 * 0.1), Math.log(0.3 * 0.8)];

/** One coin of prior 0.3 that explains another. */
export function discreteBound(): Problem {
  const particles = 5;
  const samples = samplesOf([0, 1].map((x) => ({ p: 0.5, log: JOINT[x]! - Math.log(0.5), score: [x - 0.5], path: [0] })), particles);
  return {
    title: "A bound of five particles, discrete",
    remark: "log p(y) from below: a coin x of probability 0.3, P(y | x) = 0.8 or 0.1; q even. By the logit of q.",
    objective: importanceBound(bernoulli(1), batched((x, value) => x.forEach((own, i) => (value[i] = JOINT[own]!))), { particles }),
    params: { logits: [0] },
    gradient: boundGradient(samples),
    entries: [...scores(samples), { call: 'vimco({ mean: "arithmetic" })', by: vimco({ mean: "arithmetic" }), exact: vimcoVariance(samples, false) }],
  };
}

/** A target N(2, 3²) and q = N(mean, scale²), after Tucker et al. 2019. */
export function continuousBound(title: string, mean: number, scale: number, particles = 2): Problem {
  const log = (x: number, m: number, s: number): number => -((x - m) ** 2) / (2 * s * s) - Math.log(s * Math.sqrt(2 * Math.PI));
  const samples = samplesOf(NORMAL.map(({ p, z }) => {
    const x = mean + scale * z;
    const slope = -(x - 2) / 9 + z / scale;
    return { p, log: log(x, 2, 3) - log(x, mean, scale), score: [z / scale, z * z - 1], path: [slope, slope * scale * z] };
  }), particles);
  return {
    title,
    remark: `${particles === 1 ? "One particle" : "Two particles"} of q = N(${mean}, ${scale}²) for N(2, 3²), by mean and logScale.`,
    objective: importanceBound(normal(1), differentiable((x, value, slope) => x.forEach((own, i) => {
      value[i] = log(own, 2, 3);
      slope[i] = -(own - 2) / 9;
    })), { particles }),
    params: { mean: [mean], logScale: [Math.log(scale)] },
    gradient: boundGradient(samples),
    entries: [
      ...scores(samples).filter(({ call }) => particles > 1 || call !== "vimco()"),
      { call: "pathwise()", by: pathwise(), exact: boundPaths(samples) },
      ...(particles === 1 ? [{ call: "stickingTheLanding()", by: stickingTheLanding(), exact: doublyReparameterized(samples) }] : []),
      { call: "dreg()", by: dreg(), exact: doublyReparameterized(samples) },
    ],
  };
}

const scores = (samples: ReturnType<typeof samplesOf>): Problem["entries"] => [
  { call: "scoreFunction({ baseline: none() })", by: scoreFunction({ baseline: none() }), exact: boundScores(samples) },
  { call: "scoreFunction()", by: scoreFunction(), exact: boundLeavingOneOut(samples) },
  { call: "vimco()", by: vimco(), exact: vimcoVariance(samples, true) },
];
