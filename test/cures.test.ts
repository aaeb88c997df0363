import { describe, expect, it } from "vitest";
import * as all from "../src/index.ts";

const { batched, bernoulli, categorical, expectation, expression, gradient, importanceBound, joint, key, normal, oneHotCategorical, permutation, plackettLuce, poisson } = all;

const words = { ...all } as unknown as Readonly<Record<string, (...given: unknown[]) => never>>;

const FAMILIES = [
  bernoulli(3), bernoulli(30), categorical(4), oneHotCategorical(4), permutation(3), plackettLuce(3), poisson(2), all.binomial(1, 4), all.geometric(1), all.negativeBinomial(1), normal(2), all.gamma(1), all.beta(1), all.dirichlet(3),
  all.gumbel(1), all.logistic(1), all.cauchy(1), all.uniform(1), all.laplace(1), all.exponential(1), all.multivariateNormal(2), all.vonMises(1), all.studentT(1), all.kumaraswamy(1), joint({ z: bernoulli(2), w: normal(1) }),
];
const ESTIMATORS: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries((["scoreFunction", "pathwise", "disarm", "arm", "arms", "enumerate", "muProp", "rebar", "relax", "lax", "measureValued", "straightThrough", "vimco", "dreg", "stickingTheLanding", "spsa", "evolutionStrategies", "finiteDifferences"]).map((word) => [word, words[word]!()])),
  gumbelSoftmax: all.gumbelSoftmax({ temperature: 1 }),
  gappedStraightThrough: all.gappedStraightThrough({ temperature: 1 }),
  raoBlackwell: all.raoBlackwell({ coordinates: [0] }),
  sumAndSample: all.sumAndSample({ terms: 1 }),
  unorderedSet: all.unorderedSet({ draws: 2 }),
};
const INTEGRANDS = { values: batched((_, value) => void value.fill(1)), formula: expression((x) => x.square().sum()) };

/** A refusal as its sentence; nothing where the estimator serves. */
function refusal(objective: unknown, by: unknown): string | undefined {
  try {
    (gradient as (...given: unknown[]) => { dispose(): void })(objective, by, { samples: 4 }).dispose();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(Object.entries(INTEGRANDS))("cures for f as %s", (_, f) => {
  it.each(FAMILIES.map((p) => [`${p.name} of ${p.dim}`, p] as const))("%s: all that a refusal advises can be done, and is called by the user's word", (__, p) => {
    for (const objective of [expectation(p as never, f), importanceBound(p as never, f as never, { particles: 2 })]) {
      for (const [word, by] of Object.entries(ESTIMATORS)) {
        const said = refusal(objective, by);
        if (said === undefined || !/ has no |, not /.test(said)) continue;
        expect(said.startsWith(`${word}: `), said).toBe(true);
        const advised = [...(said.split(/ Use /)[1] ?? "").matchAll(/(\w+)\(/g)].map(([, own]) => own!).filter((own) => !["oneHotCategorical"].includes(own));
        for (const own of advised) {
          const instead = own === "straightThrough" ? all.straightThrough({ temperature: 1 }) : ESTIMATORS[own];
          expect(refusal(objective, instead), said).toBeUndefined();
        }
      }
    }
  });
});

describe("JavaScript users are told of", () => {
  const loose = words;
  const grad = gradient(expectation(bernoulli(1), INTEGRANDS.values), all.disarm(), { samples: 4 });
  const logits = new Float64Array(1);

  it.each(["disarm", "arm", "dreg", "leaveOneOut", "none", "perCoordinate", "antithetic", "deltaMethod"])("an option of %s, which takes none", (word) => {
    expect(() => loose[word]!({ temperature: 3 })).toThrow(new TypeError(`${word}: "temperature" expected no such option, got 3. It takes none.`));
    expect(() => loose[word]!(3)).toThrow(new TypeError(`${word}: "options" expected nothing, got 3. It takes none.`));
    expect(() => loose[word]!()).not.toThrow();
  });

  it.each<[string, () => unknown, string]>([
    ["a misspelt parameter", () => grad.estimate({ logits, logit: logits } as never, key(1)), 'estimate: "params.logit" expected nothing of that name, got a Float64Array of 1. Known: logits.'],
    ["no options for a gradient", () => loose["gradient"]!(expectation(bernoulli(1), INTEGRANDS.values), all.disarm()), 'gradient: "samples" expected integer >= 1, got undefined'],
    ["no options for a program's gradient", () => loose["programGradient"]!(all.program(({ p }) => p.sum(), { p: [1] })), 'programGradient: "samples" expected integer >= 1, got undefined'],
    ["no options for a pool", () => (grad.pool as (...given: unknown[]) => unknown)({ logits }, key(1)), 'pool: "rounds" expected integer >= 1, got undefined'],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(new TypeError(message));
  });
});
