import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import { type Distribution, eachPart, sizeOf } from "../vocabulary/distribution.ts";
import type { Bound, Rows, Site, Workspace } from "../vocabulary/estimator.ts";
import type { Controls } from "./controls.ts";

// Terms that a learning step looks at stay in the first-level cache.
const BLOCK_BYTES = 16384;

/**
 * What a control variate learns: to descend E[ĝ²], the variance but for what does not depend on it. With v = 2ĝ held fixed,
 *
 *   ∂ĝ²/∂φ = ∂/∂φ (−(v · s) c(z̃) + (∂z/∂θ v) · ∂c/∂z(z) − (∂z̃/∂θ v) · ∂c/∂z(z̃))
 *
 * so each part of c is told a weight for its values and a direction for its slopes.
 */
export function bindLearning(p: Distribution, site: Site, { score, latents, z, width, parts }: Controls, terms: Bound["terms"]): { readonly begin: () => void; readonly learn: (work: Workspace) => void } {
  const { region, samples, batch } = site;
  const { bytes } = region;
  const rows = samples * batch;
  const points = latents.length * rows;
  const last = points - rows;
  const size = sizeOf(p.params);
  const block = Math.min(samples, Math.max(1, Math.floor(BLOCK_BYTES / (batch * size * bytes)))) * batch;
  const [weight, direction, ones, estimates, scores] = [points, points * width, block, block * size, block * size].map((length) => region.reserve(length)) as [Field, Field, Field, Field, Field];

  /** ĝ · s and ∂z/∂θ ĝ of some rows. */
  const look = (work: Workspace, { first, rows: some }: Rows): void => {
    const { kernels, theta } = work;
    estimates.view().fill(0);
    scores.view().fill(0);
    terms(work, { first, rows: some }, estimates.at);
    score.add(kernels, some, theta, score.of(work) + first * score.width * bytes, ones.at, scores.at);
    eachPart(p.params, some, (_, at, length) => kernels.controlsDotRows(some, length / some, estimates.at + at * bytes, scores.at + at * bytes, weight.at + (last + first) * bytes));
    latents.forEach(({ path, noise }, i) => {
      const from = (i * rows + first) * width * bytes;
      path.push!(kernels, some, theta, noise(work) + first * path.noise * bytes, z(work) + from, estimates.at, direction.at + from);
    });
  };

  return {
    begin: () => void ones.view().fill(1),
    learn(work) {
      weight.view().fill(0);
      for (let first = 0; first < rows; first += block) look(work, { first, rows: Math.min(block, rows - first) });
      work.kernels.arrayScale(points, -2 / rows, weight.at);
      work.kernels.arrayScale(points * width, 2 / rows, direction.at);
      subtractLast(work, latents.length, width, direction.at);
      for (const part of parts) part.learn(work, z(work), weight.at, direction.at);
    },
  };
}

/** What is of z̃ is subtracted: `of` is `[latents, rows, width]`. It comes last, and room follows it, so that whole vectors may be written. */
export function subtractLast({ kernels, rows, bytes }: Workspace, latents: number, width: number, of: Pointer): void {
  if (latents > 1) kernels.arrayScale(rows * width, -1, of + (latents - 1) * rows * width * bytes);
}
