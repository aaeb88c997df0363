import { iterateLogarithmic } from "./sinkhorn.ts";

/** Cotangents of scale · x, log a and log b. */
export interface Slopes {
  readonly exponent: Float64Array;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** From the cotangent of the plan after so many iterations from γ = 0 to what it was made of: every iteration kept, and gone back through in the log domain. */
export function pull(rows: number, columns: number, count: number, scale: number, a: Float64Array, b: Float64Array, x: Float64Array, cotangent: ArrayLike<number>): Slopes {
  const phis = [new Float64Array(rows)];
  const gammas = [new Float64Array(columns)];
  for (let t = 0; t < count; t++) {
    const [phi, gamma] = [phis[t]!.slice(), gammas[t]!.slice()];
    iterateLogarithmic(rows, columns, 1, scale, a, b, x, phi, gamma);
    phis.push(phi);
    gammas.push(gamma);
  }
  const found = { exponent: new Float64Array(rows * columns), rows: new Float64Array(rows), columns: new Float64Array(columns) };
  let [ofPhi, ofGamma] = [new Float64Array(rows), new Float64Array(columns)];
  const entry = (i: number, j: number, phi: Float64Array, gamma: Float64Array): number => Math.exp(scale * x[i * columns + j]! + phi[i]! + gamma[j]!);
  const each = (visit: (i: number, j: number, k: number) => void): void => {
    for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) visit(i, j, k);
  };
  each((i, j, k) => {
    const term = entry(i, j, phis[count]!, gammas[count]!) * cotangent[k]!;
    found.exponent[k]! += term;
    ofPhi[i]! += term;
    ofGamma[j]! += term;
  });
  for (let t = count; t > 0; t--) {
    const [phi, gamma, before] = [phis[t]!, gammas[t]!, gammas[t - 1]!];
    const next = new Float64Array(columns);
    each((i, j, k) => {
      const term = (entry(i, j, phi, gamma) / b[j]!) * ofGamma[j]!;
      found.exponent[k]! -= term;
      ofPhi[i]! -= term;
    });
    each((i, j, k) => {
      const term = (entry(i, j, phi, before) / a[i]!) * ofPhi[i]!;
      found.exponent[k]! -= term;
      next[j]! -= term;
    });
    ofGamma.forEach((d, j) => (found.columns[j]! += d));
    ofPhi.forEach((d, i) => (found.rows[i]! += d));
    [ofPhi, ofGamma] = [new Float64Array(rows), next];
  }
  return found;
}
