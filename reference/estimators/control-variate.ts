/** For each sample: the slope of f on h over all the other samples of its problem. */
export function slopes(samples: number, batch: number, f: ArrayLike<number>, h: ArrayLike<number>): Float64Array {
  const out = new Float64Array(samples * batch);
  for (let b = 0; b < batch; b++) {
    for (let s = 0; s < samples; s++) {
      const others = Array.from({ length: samples }, (_, i) => i * batch + b).filter((_, i) => i !== s);
      const mean = (of: ArrayLike<number>): number => others.reduce((sum, i) => sum + of[i]!, 0) / others.length;
      const [meanF, meanH] = [mean(f), mean(h)];
      const product = others.reduce((sum, i) => sum + (f[i]! - meanF) * (h[i]! - meanH), 0);
      const spread = others.reduce((sum, i) => sum + (h[i]! - meanH) ** 2, 0);
      out[s * batch + b] = spread > 0 ? product / spread : 0;
    }
  }
  return out;
}
