/** mean ± scale · R of a Rayleigh draw R = √(2 E). */
export const ofMean = (e: number, mean: number, scale: number): readonly [plus: number, minus: number] => {
  const away = scale * Math.sqrt(2 * e);
  return [mean + away, mean - away];
};

/** mean + scale · M and mean + scale · M u of a double-sided Maxwell draw M. */
export const ofScale = (e: number, z: number, u: number, mean: number, scale: number): readonly [plus: number, minus: number] => {
  const m = Math.sqrt(z * z + 2 * e) * (z < 0 ? -1 : 1);
  return [mean + scale * m, mean + scale * m * u];
};

/** c of ∂p/∂mean */
export const constant = (scale: number): number => 1 / (scale * Math.sqrt(2 * Math.PI));
