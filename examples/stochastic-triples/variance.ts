import { derivative, type DerivativeMethod, key, program } from "gradex";

export interface Deviation {
  readonly steps: number;
  readonly method: string;
  /** Of the estimate from one run. */
  readonly deviation: number;
}

/** StochasticAD's walk: ± 1, up with probability e^(−X / p), which pulls it towards 0; its square, and p = 2 n for n steps. */
const walk = (steps: number) =>
  program<"p">(({ p }, draw) => {
    let x = draw.constant(0);
    for (let i = 0; i < steps; i++) x = x.add(draw.bernoulli(x.div(p).neg().exp()).mul(2).sub(1));
    return x.square();
  });

const contenders: readonly (readonly [name: string, method: DerivativeMethod, baseline: "leave-one-out" | "none"])[] = [
  ["score function", "score-function", "none"],
  ["with a baseline", "score-function", "leave-one-out"],
  ["stochastic triples", "pruned", "none"],
];

/** How far one run's estimate of the derivative is off, for walks of 10, 20, … 100 steps. */
export function deviations(samples: number): readonly Deviation[] {
  return Array.from({ length: 10 }, (_, i) => 10 * (i + 1)).flatMap((steps) => {
    const body = walk(steps);
    return contenders.map(([name, method, baseline]) => {
      const { standardError } = derivative(body, { p: 2 * steps }, key("variance").fold(steps), { samples, method, baseline });
      return { steps, method: name, deviation: standardError.p * Math.sqrt(samples) };
    });
  });
}
