import { batched, type Integrand } from "../../src/index.ts";

/** The small topic model with exact numbers: 3 bits, 4 words, one document. log p(x | z) without its multinomial coefficient. */
export const W = [[1.2, -0.6, 0.3, -0.9], [-0.4, 0.8, -1.1, 0.7], [0.5, 0.1, 0.9, -1.5]];
export const c = [0.1, -0.2, 0.3, 0];
export const counts = [3, 1, 4, 1];
export const prior = Math.log(0.4 / 0.6); // logit of φ
export const logits = [0.5, -0.3, 0.2];

export const exact = {
  elbo: -13.2072867749,
  kl: 0.147307745482,
  logLikelihood: -13.0599790294,
  elboGradient: [-0.200696018, -0.437823056, -0.046737552],
  gradient: [0.0120916451, -0.4120412356, 0.1031250968],
  variance: {
    none: [40.8799, 43.6992, 43.0543],
    mean: [0.719591, 0.40123, 0.56866],
    loo2: [0.596788, 0.531955, 0.539181],
    loo4: [0.219396, 0.155531, 0.18464],
    loo8: [0.0984128, 0.0619873, 0.0801843],
    disarm: [0.359164, 0.131367, 0.274389],
    arm: [0.404137, 0.186904, 0.338175],
  },
} as const;

const table: number[] = [];

/** log p(x | z) of the document for each z, looked up: there are eight. */
export function logLikelihood(): Integrand {
  if (table.length === 0) for (let z = 0; z < 8; z++) table.push(of([z & 1, (z >> 1) & 1, z >> 2]));
  return batched((x, value) => {
    for (let i = 0; i < value.length; i++) value[i] = table[x[3 * i]! + 2 * x[3 * i + 1]! + 4 * x[3 * i + 2]!]!;
  });
}

function of(z: readonly number[]): number {
  const eta = c.map((own, word) => z.reduce((sum, bit, topic) => sum + bit * W[topic]![word]!, own));
  const norm = Math.log(eta.reduce((sum, e) => sum + Math.exp(e), 0));
  return eta.reduce((sum, e, word) => sum + counts[word]! * (e - norm), 0);
}
