/** Nodes and weights of Gauss & Legendre's rule on [0, 1], by Newton's method on the polynomial. */
export function legendre(count: number): readonly (readonly [node: number, weight: number])[] {
  return Array.from({ length: count }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= count; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (count * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    return [(1 + x) / 2, 1 / ((1 - x * x) * slope * slope)];
  });
}

/** ∫ f from 0 to `length`, by as many nodes as the kernels take in f64. */
export function integral(length: number, f: (s: number) => number): number {
  let sum = 0;
  for (const [node, weight] of RULE) sum += weight * f(length * node);
  return length * sum;
}

const RULE = legendre(18);

/** Where a convex φ with φ(0) = 0 reaches 20, from a point beyond or before it. */
export function reach(phi: (s: number) => number, slope: (s: number) => number, from: number): number {
  let s = from;
  for (let step = 0; step < 2; step++) s -= (phi(s) - DROP) / slope(s);
  return s;
}

/** The same of the quadratic a s + ½ b s². */
export const quadraticReach = (a: number, b: number): number => (2 * DROP) / (a + Math.sqrt(a * a + 2 * b * DROP));

export const DROP = 20;
