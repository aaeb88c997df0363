/** log(e^−κ I₀(κ)) and 1 − I₁(κ) / I₀(κ), by the trapezoid rule over the circle, which converges faster than any power of its step. */
export function bessel(kappa: number): Bessel {
  const known = KNOWN.get(kappa) ?? trapezoid(kappa);
  KNOWN.set(kappa, known);
  return known;
}

export interface Bessel {
  readonly log: number;
  readonly gap: number;
}

const KNOWN = new Map<number, Bessel>();

function trapezoid(kappa: number): Bessel {
  const width = Math.min(Math.PI, 40 / Math.sqrt(kappa));
  const points = 2048;
  let [zero, difference] = [0, 0];
  for (let i = 0; i < points; i++) {
    const sine = Math.sin(((i + 0.5) * width) / points / 2) ** 2;
    const weight = Math.exp(-2 * kappa * sine);
    zero += weight;
    difference += 2 * sine * weight;
  }
  return { log: Math.log((zero * width) / points / Math.PI), gap: difference / zero };
}
