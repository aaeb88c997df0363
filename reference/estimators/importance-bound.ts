/** The importance bound of K particles, over plain arrays: logs are log f − log q, [particles, rows] flat. */

/** total[r] = log 1/K Σₖ exp logs[k, r]; weight[k, r] = exp logs[k, r] / Σᵢ exp logs[i, r] */
export function weigh(particles: number, logs: ArrayLike<number>, weight: Float64Array | Float32Array, total: Float64Array | Float32Array): void {
  const rows = total.length;
  for (let r = 0; r < rows; r++) {
    let most = -Infinity;
    for (let at = r; at < particles * rows; at += rows) if (logs[at]! > most) most = logs[at]!;
    let sum = 0;
    for (let at = r; at < particles * rows; at += rows) sum += weight[at] = Math.exp(logs[at]! - most);
    for (let at = r; at < particles * rows; at += rows) weight[at]! /= sum;
    total[r] = most + Math.log(sum / particles);
  }
}
