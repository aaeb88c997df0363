import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import type { Distribution, Path } from "../vocabulary/distribution.ts";
import type { Bound, Rows, Site, Workspace } from "../vocabulary/estimator.ts";
import { bindLearning, subtractLast } from "./control-learning.ts";
import type { Controls } from "./controls.ts";

/** ĝ = (f(x) − b − c(z̃)) s + ∂c(z)/∂θ − ∂c(z̃)/∂θ, s = ∂ log p(x)/∂θ; of a single latent, (f(x) − b − c(z)) s + ∂c(z)/∂θ, s that of z. */
export function bindControlled(p: Distribution, site: Site, controls: Controls): Pick<Bound, "combine" | "terms" | "learn" | "begin"> {
  const { name, score, latents, z, width, parts, baseline } = controls;
  const { region, samples, batch } = site;
  const rows = samples * batch;
  const points = latents.length * rows;
  const [value, slope, coefficient, predicted] = [points, points * width, rows, baseline === undefined ? 0 : rows].map((length) => region.reserve(length)) as [Field, Field, Field, Field];
  const { bytes } = region;
  const last = (latents.length - 1) * rows;
  const terms = (work: Workspace, { first, rows: some }: Rows, into: Pointer): void => {
    const { kernels, theta } = work;
    score.add(kernels, some, theta, score.of(work) + first * score.width * bytes, coefficient.at + first * bytes, into);
    latents.forEach(({ path, noise }, i) => {
      const from = (i * rows + first) * width * bytes;
      path.pull(kernels, some, theta, noise(work) + first * path.noise * bytes, z(work) + from, slope.at + from, into);
    });
  };

  const learning = bindLearning(p, site, controls, terms);

  return {
    combine(work) {
      const { kernels, hard, soft, total } = work;
      value.view().fill(0);
      slope.view().fill(0);
      for (const part of parts) part.add(work, z(work), value.at, slope.at);
      checkControl(name, kernels.statisticsFirstNotFinite(points, value.at), rows, batch);
      checkControl(name, Math.floor(kernels.statisticsFirstNotFinite(points * width, slope.at) / width), rows, batch);
      subtractLast(work, latents.length, width, slope.at);
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
      learning.learn(work);
      baseline?.learn?.(work, work.hard.value);
    },
    begin() {
      learning.begin();
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
