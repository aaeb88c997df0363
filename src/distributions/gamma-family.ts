import { type Averaged, COUPLINGS, type Divergent, type Entropic, type Measurable, type Reparameterizable, type Scored, type Shapes, type Smooth } from "../vocabulary/distribution.ts";
import { implicit } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";

export type GammaFamily<S extends Shapes> = Omit<Divergent<S>, "name" | "verify" | "params" | "domains"> & Scored & Smooth & Averaged & Measurable & Reparameterizable & Entropic;

/** What gamma (power 1) and inverse gamma variables (power −1) share: one is the other's reciprocal. */
export function gammaFamily<S extends Shapes>(dim: number, power: 1 | -1): GammaFamily<S> {
  return {
    dim,
    modules: [implicit],
    prepared: (_, tile) => 12 * tile + 4,
    prepare: (kernels, params, theta) => kernels.gammaPrepare(theta.batch * dim, theta.tile, power, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.gammaSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.gammaLogProb),
    score: elementwise.score(dim, (kernels) => kernels.gammaScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.gammaLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.gammaSample, (kernels) => kernels.gammaPull, (kernels) => kernels.gammaPush),
    entropy: elementwise.entropy(dim, (kernels) => kernels.gammaExactEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.gammaExactDivergence),
    weak: {
      draw: (kernels, { key, site, chunk }, rows, { tile, at }, entry, coupling, x, plus, minus, constant) =>
        kernels.gammaWeakDraw(key.low, key.high, site, chunk, rows, dim, tile, at, entry, COUPLINGS.indexOf(coupling), x, plus, minus, constant),
    },
    moments: elementwise.moments(dim, (kernels) => kernels.gammaExactMoments),
  };
}
