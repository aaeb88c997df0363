import { dot } from "./vectors.ts";

/** Residuals below this share of the right side are rounding. */
const TOLERANCE = 1e-15;
/** Curvatures below this share of the diagonal's are rounding: a step there would go far along what A takes to nothing. */
const FLAT = 1e-15;

/**
 * Solves A x = right for a symmetric positive semidefinite A by conjugate gradients, preconditioned by its diagonal's inverse (Hestenes & Stiefel 1952).
 *
 * Where A is singular and the right side in its range, the solution is one of many; which one does not depend on anything.
 *
 * @param product  writes A p over `into`
 */
export function solveBy(product: (p: Float64Array, into: Float64Array) => void, diagonal: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const [x, residual, applied, z] = [new Float64Array(n), right.slice(), new Float64Array(n), new Float64Array(n)];
  condition(residual, diagonal, z);
  const p = z.slice();
  let rho = dot(residual, z);
  const least = TOLERANCE * TOLERANCE * rho;
  for (let k = 0; k < 4 * n + 20 && rho > least; k++) {
    product(p, applied);
    const curvature = dot(p, applied);
    if (!(curvature > FLAT * quadratic(p, diagonal))) break;
    const step = rho / curvature;
    for (let j = 0; j < n; j++) {
      x[j]! += step * p[j]!;
      residual[j]! -= step * applied[j]!;
    }
    condition(residual, diagonal, z);
    const next = dot(residual, z);
    for (let j = 0; j < n; j++) p[j] = z[j]! + (next / rho) * p[j]!;
    rho = next;
  }
  return x;
}

function condition(residual: Float64Array, diagonal: Float64Array, into: Float64Array): void {
  for (let j = 0; j < into.length; j++) into[j] = diagonal[j]! > 0 ? residual[j]! / diagonal[j]! : 0;
}

/** Σ dⱼ pⱼ² */
function quadratic(p: Float64Array, diagonal: Float64Array): number {
  let total = 0;
  for (let j = 0; j < p.length; j++) total += diagonal[j]! * p[j]! * p[j]!;
  return total;
}
