import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import type { BoundBaseline } from "../vocabulary/baseline.ts";
import { type Distribution, eachPart, type Path, type Scored, sizeOf } from "../vocabulary/distribution.ts";
import type { Bound, Rows, Site, Workspace } from "../vocabulary/estimator.ts";

/** A latent that a control variate c is evaluated at, with its path from θ. */
export interface Latent {
  readonly path: Path;
  readonly noise: (work: Workspace) => Pointer;
}

/** A term of c. */
export interface BoundPart {
  readonly begin?: () => void;
  /** Adds c and ∂c/∂z at all latents: z is `[latents, rows, width]`, value `[latents, rows]`, slope as z. */
  readonly add: (work: Workspace, z: Pointer, value: Pointer, slope: Pointer) => void;
  /** A step down the gradient of Σ weight · c(z) + direction · ∂c/∂z(z) with respect to the parameters of this term. */
  readonly learn: (work: Workspace, z: Pointer, weight: Pointer, direction: Pointer) => void;
}

export interface Controls {
  /** Whose errors these are. */
  readonly name: string;
  /** z and z̃, or one draw that is both. */
  readonly latents: readonly [Latent, Latent] | readonly [Latent];
  /** `[latents, rows, width]` */
  readonly z: (work: Workspace) => Pointer;
  readonly width: number;
  readonly parts: readonly BoundPart[];
  readonly baseline?: BoundBaseline;
}

// Terms that a learning step looks at stay in the first-level cache.
const BLOCK_BYTES = 16384;

/**
 * ĝ = (f(x) − b − c(z̃)) s + ∂c(z)/∂θ − ∂c(z̃)/∂θ, s = ∂ log p(x)/∂θ; of a single latent, (f(x) − b − c(x)) s + ∂c(x)/∂θ. What is learned
 * descends E[ĝ²]: with v = 2ĝ held fixed,
 *
 *   ∂ĝ²/∂φ = ∂/∂φ (−(v · s) c(z̃) + (∂z/∂θ v) · ∂c/∂z(z) − (∂z̃/∂θ v) · ∂c/∂z(z̃))
 */
export function bindControlled(p: Distribution & Scored, site: Site, { name, latents, z, width, parts, baseline }: Controls): Pick<Bound, "combine" | "terms" | "learn" | "begin"> {
  const { region, samples, batch } = site;
  const rows = samples * batch;
  const points = latents.length * rows;
  const size = sizeOf(p.params);
  const block = Math.min(samples, Math.max(1, Math.floor(BLOCK_BYTES / (batch * size * region.bytes)))) * batch;
  const [value, slope, coefficient, predicted] = [points, points * width, rows, baseline === undefined ? 0 : rows].map((length) => region.reserve(length)) as [Field, Field, Field, Field];
  const [weight, direction, ones, estimates, scores] = [points, points * width, block, block * size, block * size].map((length) => region.reserve(length)) as [Field, Field, Field, Field, Field];
  const { bytes } = region;
  const last = (latents.length - 1) * rows;
  /** What is of z̃ is subtracted. It comes last, and room follows it, so that whole vectors may be written. */
  const flip = ({ kernels }: Workspace, of: Pointer): void => {
    if (last > 0) kernels.arrayScale(rows * width, -1, of + last * width * bytes);
  };

  const terms = (work: Workspace, { first, rows: some }: Rows, into: Pointer): void => {
    const { kernels, theta, hard, dim } = work;
    p.score(kernels, some, theta, hard.x + first * dim * bytes, coefficient.at + first * bytes, into);
    latents.forEach(({ path, noise }, i) => {
      const from = (i * rows + first) * width * bytes;
      path.pull(kernels, some, theta, noise(work) + first * path.noise * bytes, z(work) + from, slope.at + from, into);
    });
  };

  /** weight and direction of some rows, but for their factors. */
  const look = (work: Workspace, { first, rows: some }: Rows): void => {
    const { kernels, theta, hard, dim } = work;
    estimates.view().fill(0);
    scores.view().fill(0);
    terms(work, { first, rows: some }, estimates.at);
    p.score(kernels, some, theta, hard.x + first * dim * bytes, ones.at, scores.at);
    eachPart(p.params, some, (_, at, length) => kernels.arrayDotRows(some, length / some, estimates.at + at * bytes, scores.at + at * bytes, weight.at + (last + first) * bytes));
    latents.forEach(({ path, noise }, i) => {
      const from = (i * rows + first) * width * bytes;
      path.push!(kernels, some, theta, noise(work) + first * path.noise * bytes, z(work) + from, estimates.at, direction.at + from);
    });
  };

  return {
    combine(work) {
      const { kernels, hard, soft, total } = work;
      value.view().fill(0);
      slope.view().fill(0);
      for (const part of parts) part.add(work, z(work), value.at, slope.at);
      checkControl(name, kernels.statisticsFirstNotFinite(points, value.at), rows, batch);
      checkControl(name, Math.floor(kernels.statisticsFirstNotFinite(points * width, slope.at) / width), rows, batch);
      flip(work, slope.at);
      kernels.arraySubtract(rows, hard.value, value.at + last * bytes, coefficient.at);
      if (baseline !== undefined) {
        baseline.predict(work, hard.value, predicted.at);
        kernels.arraySubtract(rows, coefficient.at, predicted.at, coefficient.at);
      }
      kernels.arrayCopy(rows, hard.value, total);
      kernels.arrayFill(rows, 1, hard.weight);
      kernels.arrayFill(soft.points * rows, 0, soft.weight);
    },
    terms,
    learn(work) {
      weight.view().fill(0);
      for (let first = 0; first < rows; first += block) look(work, { first, rows: Math.min(block, rows - first) });
      work.kernels.arrayScale(points, -2 / rows, weight.at);
      work.kernels.arrayScale(points * width, 2 / rows, direction.at);
      flip(work, direction.at);
      for (const part of parts) part.learn(work, z(work), weight.at, direction.at);
      baseline?.learn?.(work, work.hard.value);
    },
    begin() {
      ones.view().fill(1);
      baseline?.begin?.();
      for (const part of parts) part.begin?.();
    },
  };
}

/** Refuses a c that is not finite, before anything learns from it: `found` is a latent, or below 0. */
function checkControl(name: string, found: number, rows: number, batch: number): void {
  if (found < 0) return;
  const row = found % rows;
  throw new RangeError(`${name}: the control variate or its slope is not finite at sample ${Math.floor(row / batch)} of problem ${row % batch}. Write one that is finite for every latent; that of an impossible outcome is infinite.`);
}

/** Whether tangents can be pushed along these paths, which learning asks for; a sentence if not. */
export function pushes(caller: string, family: string, paths: Readonly<Record<string, Path>>): void {
  for (const [what, path] of Object.entries(paths)) {
    if (path.push === undefined) throw new TypeError(`${caller}: the ${what} of ${family} has no push, and what is learned needs one. Use scoreFunction(), or pathwise() where f is differentiable.`);
  }
}
