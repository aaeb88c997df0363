import type { Node } from "../../src/index.ts";
import { coins } from "./coins.ts";
import type { Problem } from "./problem.ts";

const WEIGHTS = [[1.2, -0.6, 0.3, -0.9], [-0.4, 0.8, -1.1, 0.7], [0.5, 0.1, 0.9, -1.5]];
const BIAS = [0.1, -0.2, 0.3, 0];
const COUNTS = [3, 1, 4, 1];
const WORDS = COUNTS.reduce((a, b) => a + b, 0);

/** log p(document | x) without its multinomial coefficient. */
function worth(x: readonly number[]): number {
  const eta = BIAS.map((own, word) => x.reduce((sum, bit, topic) => sum + bit * WEIGHTS[topic]![word]!, own));
  return eta.reduce((sum, e, word) => sum + COUNTS[word]! * e, 0) - WORDS * Math.log(eta.reduce((sum, e) => sum + Math.exp(e), 0));
}

function traced(x: Node): Node {
  const eta = BIAS.map((own, word) => x.mul(WEIGHTS.map((topic) => topic[word]!)).sum().add(own));
  const linear = eta.map((e, word) => e.mul(COUNTS[word]!)).reduce((a, b) => a.add(b));
  return linear.sub(eta.map((e) => e.exp()).reduce((a, b) => a.add(b)).log().mul(WORDS));
}

export const topic = (): Problem => coins({
  title: "Three coins that explain a document",
  remark: "E log p(document | x), x three topics that are there or not, four words counted 3, 1, 4, 1.",
  logits: [0.5, -0.3, 0.2],
  worth,
  traced,
});
