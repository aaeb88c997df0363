import { weigh } from "./importance-bound.ts";

/** coefficient[k, r] = L − L₋ₖ − weight[k, r], L₋ₖ with the mean of the others' weights for particle k's own (Mnih & Rezende 2016). */
export function combine(particles: number, geometric: boolean, logs: ArrayLike<number>, weight: Float64Array | Float32Array, coefficient: Float64Array | Float32Array, total: Float64Array | Float32Array): void {
  const rows = total.length;
  weigh(particles, logs, weight, total);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < particles; k++) {
      let [most, mean] = [-Infinity, 0];
      for (let i = 0; i < particles; i++) {
        if (i === k) continue;
        const l = logs[i * rows + r]!;
        mean += l / (particles - 1);
        if (l > most) most = l;
      }
      let sum = 0;
      for (let i = 0; i < particles; i++) if (i !== k) sum += Math.exp(logs[i * rows + r]! - most);
      sum += geometric ? Math.exp(mean - most) : sum / (particles - 1);
      coefficient[k * rows + r] = total[r]! - (most + Math.log(sum / particles)) - weight[k * rows + r]!;
    }
  }
}
