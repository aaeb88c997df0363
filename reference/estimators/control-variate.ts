/** For each control, for each sample: its coefficient in the least squares of f on all controls over all the other samples of the problem. */
export function slopes(samples: number, batch: number, f: ArrayLike<number>, controls: readonly ArrayLike<number>[]): Float64Array[] {
  const out = controls.map(() => new Float64Array(samples * batch));
  for (let b = 0; b < batch; b++) {
    for (let s = 0; s < samples; s++) {
      const others = Array.from({ length: samples }, (_, i) => i * batch + b).filter((_, i) => i !== s);
      const centred = (of: ArrayLike<number>): number[] => {
        const mean = others.reduce((sum, i) => sum + of[i]!, 0) / others.length;
        return others.map((i) => of[i]! - mean);
      };
      const h = controls.map(centred);
      const own = centred(f);
      const dot = (a: readonly number[], c: readonly number[]): number => a.reduce((sum, x, i) => sum + x * c[i]!, 0);
      const solved = solve(h.map((a) => [...h.map((c) => dot(a, c)), dot(a, own)]));
      solved.forEach((a, k) => (out[k]![s * batch + b] = a));
    }
  }
  return out;
}

/** By elimination with row exchanges; 0 for an unknown that nothing determines. `rows` are [matrix | right side], changed. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    if (rows[k]![k] === 0) continue;
    for (const [i, row] of rows.entries()) {
      if (i === k) continue;
      const factor = row[k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) row[j]! -= factor * rows[k]![j]!;
    }
  }
  return rows.map((row, k) => (row[k] === 0 ? 0 : row[n]! / row[k]!));
}
