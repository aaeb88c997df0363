import { span, sumOf } from "../lanes";
import { apply } from "./implicit";
import { heightOf, rowOf, STEP, widthOf } from "./panels";

/** Residuals below this share of the right side are rounding. */
const TOLERANCE: f64 = 1e-15;
/** Curvatures below this share of the diagonal's are rounding: a step there would go far along what the matrix takes to nothing. */
const FLAT: f64 = 1e-15;

/** Vectors of `byRow`; the first three as `apply` has them. */
const enum Row { Weight, Q, Solution, Given, Sums }
/** Vectors of `byColumn`. */
const enum Column { Given, Sums, Diagonal, Solution, Product, Residual, Conditioned, Direction }

/**
 * Solves [[D₁ / λ₁, P], [Pᵀ, D₂ / λ₂]] (s, t) = the sums of `terms` and what is given beside them, D the sums of P, and takes P[i, j] (sᵢ + tⱼ) off terms[i, j].
 *
 * Rows are eliminated; the rest is symmetric and positive semidefinite, and solved by conjugate gradients preconditioned by the inverse of D₂ / λ₂
 * (Hestenes & Stiefel 1952). Where it is singular, which of its solutions is found does not depend on anything.
 *
 * @param powers    f64[2]: λ₁, λ₂
 * @param plan      f64[rows, columns]
 * @param terms     f64[rows, columns], added to
 * @param matrix    room for P by panels of f64, 0 in rows beyond it
 * @param byRow     f64[5, height], as Row: Given is read, Solution and Sums are written
 * @param byColumn  f64[8, width], as Column: Given is read, Solution and Sums are written
 */
export function solve(rows: i32, columns: i32, powers: usize, plan: usize, terms: usize, matrix: usize, byRow: usize, byColumn: usize): void {
  const height = span<f64>(heightOf(rows)), width = span<f64>(widthOf<f64>(columns));
  const q = byRow + Row.Q * height, given = byRow + Row.Given * height, solution = byColumn + Column.Solution * width;
  memory.fill(byColumn + Column.Sums * width, 0, width);
  for (let i = 0; i < rows; ++i) {
    const row = span<f64>(i * columns), at = span<f64>(i);
    const sum = pack(columns, plan + row, rowOf<f64>(matrix, columns, i), byColumn + Column.Sums * width);
    store<f64>(byRow + Row.Sums * height + at, sum);
    store<f64>(byRow + at, sum > 0 ? load<f64>(powers) / sum : 0);
    store<f64>(given + at, load<f64>(given + at) + addUp(columns, terms + row, byColumn));
  }
  memory.copy(q, given, height);
  memory.fill(solution, 0, width);
  apply(rows, columns, matrix, byRow, solution, byColumn + Column.Product * width);
  memory.fill(q, 0, height);
  begin(width, load<f64>(powers, 8), byColumn);
  descend(rows, columns, width, matrix, byRow, byColumn);
  memory.copy(q, given, height);
  apply(rows, columns, matrix, byRow, solution, byColumn + Column.Product * width);
  for (let i = 0; i < rows; ++i) takeOff(columns, plan + span<f64>(i * columns), load<f64>(byRow + Row.Solution * height + span<f64>(i)), solution, terms + span<f64>(i * columns));
}

/** Two numbers of a row of which `left` are left, 0 for one that is not. */
@inline
function pairOf(at: usize, left: i32): v128 {
  return left > 1 ? v128.load(at) : v128.load64_zero(at);
}

/** Copies a row into panels and adds it to the sums of columns; its own sum. */
@inline
function pack(columns: i32, row: usize, to: usize, sums: usize): f64 {
  let sum = f64x2.splat(0);
  for (let j = 0; j < columns; j += 2, row += 16, to += STEP, sums += 16) {
    const x = pairOf(row, columns - j);
    v128.store(to, x);
    v128.store(sums, f64x2.add(v128.load(sums), x));
    sum = f64x2.add(sum, x);
  }
  return sumOf<f64>(sum);
}

@inline
function addUp(columns: i32, row: usize, sums: usize): f64 {
  let sum = f64x2.splat(0);
  for (let j = 0; j < columns; j += 2, row += 16, sums += 16) {
    const x = pairOf(row, columns - j);
    v128.store(sums, f64x2.add(v128.load(sums), x));
    sum = f64x2.add(sum, x);
  }
  return sumOf<f64>(sum);
}

/** terms −= P (s + t) */
@inline
function takeOff(columns: i32, plan: usize, s: f64, t: usize, terms: usize): void {
  const own = f64x2.splat(s);
  let j = 0;
  for (; j + 1 < columns; j += 2, plan += 16, terms += 16, t += 16) {
    v128.store(terms, f64x2.sub(v128.load(terms), f64x2.mul(v128.load(plan), f64x2.add(own, v128.load(t)))));
  }
  if (j < columns) store<f64>(terms, load<f64>(terms) - load<f64>(plan) * (s + load<f64>(t)));
}

/** The diagonal, and the right side less what was eliminated: 0 where no mass may be. */
@inline
function begin(width: usize, power: f64, byColumn: usize): void {
  const by = f64x2.splat(power);
  for (const end = byColumn + width; byColumn < end; byColumn += 16) {
    const diagonal = f64x2.div(v128.load(byColumn + Column.Sums * width), by);
    v128.store(byColumn + Column.Diagonal * width, diagonal);
    const right = f64x2.sub(v128.load(byColumn), v128.load(byColumn + Column.Product * width));
    v128.store(byColumn + Column.Residual * width, v128.and(right, f64x2.gt(diagonal, f64x2.splat(0))));
  }
}

@inline
function descend(rows: i32, columns: i32, width: usize, matrix: usize, byRow: usize, byColumn: usize): void {
  const direction = byColumn + Column.Direction * width, product = byColumn + Column.Product * width;
  let rho = condition(width, 0, byColumn);
  memory.copy(direction, byColumn + Column.Conditioned * width, width);
  const least = TOLERANCE * TOLERANCE * rho;
  for (let k = 0; k < 4 * columns + 20 && rho > least; ++k) {
    apply(rows, columns, matrix, byRow, direction, product);
    let curvature = f64x2.splat(0), whole = f64x2.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      const p = v128.load(direction + at), scaled = f64x2.mul(v128.load(byColumn + Column.Diagonal * width + at), p);
      const applied = f64x2.add(scaled, v128.load(product + at));
      v128.store(product + at, applied);
      curvature = f64x2.add(curvature, f64x2.mul(p, applied));
      whole = f64x2.add(whole, f64x2.mul(p, scaled));
    }
    const curved = sumOf<f64>(curvature);
    if (!(curved > FLAT * sumOf<f64>(whole))) break;
    const next = condition(width, rho / curved, byColumn), ratio = f64x2.splat(next / rho);
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(direction + at, f64x2.add(v128.load(byColumn + Column.Conditioned * width + at), f64x2.mul(ratio, v128.load(direction + at))));
    }
    rho = next;
  }
}

/** A step along the direction; residual / diagonal, and its product with the residual. */
@inline
function condition(width: usize, step: f64, byColumn: usize): f64 {
  const by = f64x2.splat(step);
  let product = f64x2.splat(0);
  for (const end = byColumn + width; byColumn < end; byColumn += 16) {
    const at = byColumn + Column.Solution * width, diagonal = v128.load(byColumn + Column.Diagonal * width);
    v128.store(at, f64x2.add(v128.load(at), f64x2.mul(by, v128.load(byColumn + Column.Direction * width))));
    const residual = f64x2.sub(v128.load(byColumn + Column.Residual * width), f64x2.mul(by, v128.load(byColumn + Column.Product * width)));
    const z = v128.and(f64x2.div(residual, diagonal), f64x2.gt(diagonal, f64x2.splat(0)));
    v128.store(byColumn + Column.Residual * width, residual);
    v128.store(byColumn + Column.Conditioned * width, z);
    product = f64x2.add(product, f64x2.mul(residual, z));
  }
  return sumOf<f64>(product);
}
