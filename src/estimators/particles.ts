import { blockOf, eachBlock } from "../distributions/blocks.ts";
import type { Distribution, Path, Scored, Smooth, Stream } from "../vocabulary/distribution.ts";
import type { Plan, Rows, Workspace } from "../vocabulary/estimator.ts";
import type { Pointer } from "../core/kernels.ts";

/** What the estimators of an importance bound share: K particles are K value or gradient points, `[particles, samples, batch, …]`. */

/** Bytes from an array's beginning to row `first` of particle k, `width` numbers a row. */
export function offset({ rows, bytes }: Workspace, particle: number, first = 0, width = 1): number {
  return (particle * rows + first) * width * bytes;
}

/** Each particle is drawn from a site of its own, so that the first samples of a longer run are the samples of a shorter one. */
export function drawParticles(p: Distribution, particles: number, work: Workspace, draw: (site: number) => Stream): void {
  for (let k = 0; k < particles; k++) p.sample(work.kernels, draw(k), work.rows, work.theta, work.hard.x + offset(work, k, 0, work.dim));
}

/** Adds the scores of all particles, each by its own coefficient `[particles, samples, batch]`. */
export function scoreParticles({ score }: Scored, particles: number, work: Workspace, { first, rows }: Rows, x: Pointer, coefficient: Pointer, terms: Pointer): void {
  for (let k = 0; k < particles; k++) {
    score(work.kernels, rows, work.theta, x + offset(work, k, first, work.dim), coefficient + offset(work, k, first), terms);
  }
}

export type PathScratch = "noise" | "logs" | "coefficient";

export function planOfPaths(path: Path, particles: number): Plan<PathScratch> {
  return { value: 0, gradient: particles, scratch: { noise: particles * path.noise, logs: particles, coefficient: particles } };
}

export function drawPaths(path: Path, particles: number, work: Workspace<PathScratch>, draw: (site: number) => Stream): void {
  const { kernels, rows, theta, soft, at, dim } = work;
  for (let k = 0; k < particles; k++) path.draw(kernels, draw(k), rows, theta, at.noise + offset(work, k, 0, path.noise), soft.x + offset(work, k, 0, dim));
}

/** Weights; then ∂f/∂x becomes the cotangent of x: the weight, or its square, times ∂(f − log q)/∂x. */
export function weighPaths(p: Smooth, particles: number, squared: boolean, work: Workspace<PathScratch>): void {
  const { kernels, rows, batch, bytes, theta, soft, at, dim, total } = work;
  const all = particles * rows;
  p.logProb(kernels, all, theta, soft.x, at.logs);
  kernels.importanceBoundWeigh(particles, rows, squared ? 1 : 0, soft.value, at.logs, soft.weight, at.coefficient, total);
  // By blocks, so that the second pass finds in the first cache what the first one wrote.
  eachBlock(all, blockOf(batch, dim), (first, some) => {
    const [from, coefficient] = [first * dim * bytes, at.coefficient + first * bytes];
    kernels.importanceBoundScale(some, dim, coefficient, soft.gradient + from);
    p.logProbGradient(kernels, some, theta, soft.x + from, coefficient, soft.gradient + from);
  });
}

export function pullPaths(path: Path, particles: number, work: Workspace<PathScratch>, { first, rows }: Rows, terms: Pointer): void {
  const { kernels, theta, soft, at, dim } = work;
  for (let k = 0; k < particles; k++) {
    const from = offset(work, k, first, dim);
    path.pull(kernels, rows, theta, at.noise + offset(work, k, first, path.noise), soft.x + from, soft.gradient + from, terms);
  }
}
