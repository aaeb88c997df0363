/** ψ(x), x > 0: ψ(x + 1) = ψ(x) + 1/x up to 15, then the asymptotic series. */
export function digamma(x: number): number {
  if (!(x >= 0)) return NaN;
  let sum = 0;
  for (; x < 15; x++) sum += 1 / x;
  const z = 1 / (x * x);
  const series = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * (691 / 32760 - z / 12))))));
  return Math.log(x) - 0.5 / x - series - sum;
}
