import { sigmoid } from "../../../reference/math/sigmoid.ts";
import { over, variance } from "./outcomes.ts";

/** Nodes of a standard logistic draw. */
const LOGISTIC = Array.from({ length: 8001 }, (_, i) => {
  const z = (i - 4000) / 100;
  return { p: (sigmoid(z) * sigmoid(-z)) / 100, z };
});

/** f′(y) ∂y/∂logit of a flip relaxed at a temperature, or with the slope of f at the flip itself (Jang, Gu & Poole 2017). */
export const relaxedVariance = (logit: number, slope: (x: number) => number, temperature: number, hard: boolean) => (samples: number): number[] =>
  over(samples, variance(LOGISTIC, ({ z }) => {
    const y = sigmoid((logit + z) / temperature);
    return [(slope(hard ? Number(logit + z > 0) : y) * y * (1 - y)) / temperature];
  }));
