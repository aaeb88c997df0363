/** ln Γ(x), x > 0: Γ(x + 1) = x Γ(x) up to 15, then Stirling's series. */
export function lgamma(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === Infinity) return Infinity;
  let product = 1;
  for (; x < 15; x++) product *= x;
  const z = 1 / (x * x);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z / 156)))))) / x;
  return (x - 0.5) * (Math.log(x) - 1) + (Math.log(2 * Math.PI) - 1) / 2 + series - Math.log(product);
}
