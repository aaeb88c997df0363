import { coins } from "./coins.ts";
import type { Problem } from "./problem.ts";

const PROBS = [0.5488135, 0.71518937, 0.60276338];
const TARGETS = [0.2, 0.55, 0.9];

/** The coins that the authors of RELAX test their code with. */
export const offsets = (): Problem => coins({
  title: "Three coins, each with a target",
  remark: "E Σ (xⱼ − tⱼ)², t = (0.2, 0.55, 0.9), P(xⱼ = 1) = (0.549, 0.715, 0.603): a test of Grathwohl et al. 2018.",
  logits: PROBS.map((p) => Math.log(p / (1 - p))),
  worth: (x) => x.reduce((sum, bit, j) => sum + (bit - TARGETS[j]!) ** 2, 0),
  traced: (x) => x.sub(TARGETS).square().sum(),
});
