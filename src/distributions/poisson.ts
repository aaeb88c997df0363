import { integer } from "../errors.ts";
import type { Averaged, Coupling, Distribution, Divergent, Domain, Measurable, Scored } from "../vocabulary/distribution.ts";
import { counts as kernelsOfCounts } from "../wasm/modules.ts";
import { counts } from "./counts.ts";
import { elementwise } from "./elementwise.ts";

/** `[dim]`: the natural logarithm of the rate. */
export type PoissonParameters = { readonly logRate: readonly [number] };

export interface Poisson extends Distribution<PoissonParameters>, Scored, Averaged, Measurable, Divergent<PoissonParameters> {}

const logRate: Domain = { expected: "a finite number, or −∞ for a rate of 0", admits: (value) => value < Infinity };
const COUPLINGS: Readonly<Record<Coupling, number>> = { same: 0, antithetic: 1, independent: 2 };

/**
 * Independent counts xⱼ ∈ {0, 1, 2, …} of rate λⱼ = exp(logRateⱼ), which is both mean and variance. P(x) = λˣ e^−λ / x!.
 *
 * Rates below 10 by inversion, the others by transformed rejection (Hörmann 1993): exact for every rate, no normal approximation. log p is
 * right for rates of 10⁹ as for small ones (Loader 2000). In f32 a count above 2²⁴ is rounded to the nearest number there is, and log p is
 * that of the number. Not reparameterizable; ∂p/∂logRate = λ (p⁺ − p), p⁺ the law of x + 1 (Pflug 1989).
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function poisson(dim: number): Poisson {
  integer("poisson", "dim", dim);
  return {
    name: "poisson",
    params: { logRate: [dim] },
    domains: { logRate },
    dim,
    modules: [kernelsOfCounts],
    prepared: counts.prepared(dim, 1),
    prepare: (kernels, params, { batch, tile, at }) => kernels.poissonPrepare(batch * dim, tile, params, at),
    sample: elementwise.sample(dim, (kernels) => kernels.poissonSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.poissonLogProb),
    score: counts.score(dim),
    moments: counts.moments(dim),
    weak: {
      draw: (kernels, { key, site, chunk }, rows, { batch, tile, at }, entry, coupling, x, plus, minus, constant) =>
        kernels.poissonWeak(key.low, key.high, site, chunk, rows, batch, dim, tile, at, entry, COUPLINGS[coupling], x, plus, minus, constant),
    },
    divergence: elementwise.divergence(dim, (kernels) => kernels.poissonDivergence),
  };
}
