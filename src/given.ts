import { has, wrongKind } from "./errors.ts";
import type { Distribution, Shapes } from "./vocabulary/distribution.ts";
import type { Network } from "./vocabulary/integrand.ts";

/** A family whose parameters θ are the output of a network. Its own parameters are the network's, ψ. */
export type Given<D, Q extends Shapes> = Omit<D, "params"> & {
  readonly params: Q;
  /** The family itself, with θ as parameters. */
  readonly family: D;
  readonly network: Network<Q>;
};

/**
 * Amortised inference in one word: θ = network(context; ψ) in front of any family. The gradient comes back as ψ's, summed over
 * the problems of the batch; the standard error stays that of θ.
 *
 * @param family   any distribution
 * @param network  gives every parameter of the family by name, each of its width
 */
export function given<D extends Distribution, Q extends Shapes>(family: D, network: Network<Q>): Given<D, Q> {
  if (!has("sample", family)) throw wrongKind("given", "family", "a distribution", family);
  if (!has("bind", network)) throw wrongKind("given", "network", "a network", network, "Make one with network(…).");
  return Object.freeze({ ...family, params: network.params, family, network });
}
