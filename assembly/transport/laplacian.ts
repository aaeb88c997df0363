/**
 * The linear system of a doubly stochastic plan P: (D − PᵀP) t = r, the Hessian of its potentials along columns and the matrix of its derivative.
 *
 * It is the Laplacian of a graph of columns whose weights are those of PᵀP off the diagonal, and is never written with its diagonal, nor eliminated
 * with a subtraction (Grassmann, Taksar & Heyman 1985): so its small weights keep all their digits, in which a plan near a permutation has
 * all that it can still say. In f64 whatever the plan is for. Matrices are f64[n, width], width = n in whole vectors.
 */

/** Bytes of a row. */
@inline
export function strideOf(n: i32): usize {
  return <usize>((n + 1) & -2) << 3;
}

/** weights[j, k] = Σᵢ P[i, j] P[i, k] for k < j. Rows of P have sum 1. */
export function weigh(n: i32, plan: usize, weights: usize): void {
  const stride = strideOf(n), end = plan + <usize>n * stride;
  memory.fill(weights, 0, <usize>n * stride);
  for (let row = plan; row < end; row += stride) {
    for (let j = 1, to = weights + stride; j < n; ++j, to += stride) {
      const p = load<f64>(row + (<usize>j << 3));
      if (p != 0) addScaled(j, p, row, to);
    }
  }
}

/**
 * Solves for t, up to a constant: that of the first column is 0. A column that hangs together with those before it by less than `least` in all is
 * taken to be on its own.
 *
 * @param weights  as `weigh` makes them; used up
 * @param sums     f64[n], room
 * @param t        f64[n]: r, whose sum is 0; t, written
 */
export function solve(n: i32, least: f64, weights: usize, sums: usize, t: usize): void {
  const stride = strideOf(n);
  let row = weights + <usize>(n - 1) * stride;
  for (let k = n - 1; k > 0; --k, row -= stride) {
    let sum: f64 = 0;
    for (let i = 0; i < k; ++i) sum += load<f64>(row + (<usize>i << 3));
    if (!(sum > least)) sum = 0;
    store<f64>(sums + (<usize>k << 3), sum);
    if (sum == 0) continue;
    const share = load<f64>(t + (<usize>k << 3)) / sum;
    for (let i = 0, to = weights; i < k; ++i, to += stride) {
      const w = load<f64>(row + (<usize>i << 3)), at = t + (<usize>i << 3);
      if (w == 0) continue;
      store<f64>(at, load<f64>(at) + w * share);
      addScaled(i, w / sum, row, to);
    }
  }
  store<f64>(t, 0);
  for (let k = 1; k < n; ++k) {
    row += stride;
    const sum = load<f64>(sums + (<usize>k << 3)), at = t + (<usize>k << 3);
    let right = load<f64>(at);
    for (let i = 0; i < k; ++i) right += load<f64>(row + (<usize>i << 3)) * load<f64>(t + (<usize>i << 3));
    store<f64>(at, sum == 0 ? 0 : right / sum);
  }
}

/** out[k] += factor · x[k] for k < count, by whole vectors. */
@inline
function addScaled(count: i32, factor: f64, x: usize, out: usize): void {
  const by = f64x2.splat(factor);
  for (const end = out + (<usize>count << 3); out < end; out += 16, x += 16) v128.store(out, f64x2.add(v128.load(out), f64x2.mul(by, v128.load(x))));
}
