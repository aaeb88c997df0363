import { wordOf } from "../errors.ts";
import type { Pointer } from "../core/kernels.ts";
import { CHUNK } from "../sample.ts";
import type { Distribution, Path, Relaxable, Stream } from "../vocabulary/distribution.ts";
import { type Biased, biasedEstimator, type Bound, type Estimator, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import { relaxations } from "../wasm/modules.ts";
import { bindTemperature, type Temperature } from "./temperature.ts";

/** What to use for a family that has no relaxation. */

type Scratch = "z" | "noise" | "y" | "cotangent";

/**
 * f at y = soften(z / temperature), or at x = harden(z), its slope led through y to θ either way.
 *
 * @param more  what the family must have besides a relaxation
 */
export function relaxed(name: string, temperature: Temperature, hard: boolean, more: readonly string[] = []): Biased<Estimator<Relaxable, Differentiable>> {
  return biasedEstimator<Relaxable, Differentiable, Scratch>({
    name,
    unbiased: false,
    biased: hard ? ["distribution"] : ["value", "distribution", "integrand"],
    distribution: ["relaxation", ...more],
    integrand: ["differentiable"],
    modules: [relaxations],
    plan: ({ name: family, dim, relaxation }) => {
      if (relaxation.dim !== dim) throw new TypeError(`${wordOf(name)}: ${family} relaxes to points of width ${relaxation.dim}, and draws points of width ${dim}: f cannot take both.`);
      return { value: 0, gradient: 1, scratch: { z: dim, noise: relaxation.latent.noise, y: hard ? dim : 0, cotangent: relaxation.pullThrough === undefined ? dim : 0 } };
    },
    bind: (p, site) => bind(p, site, name, temperature, hard),
  });
}

function bind({ relaxation }: Relaxable & Distribution, site: Site, name: string, temperature: Temperature, hard: boolean): Bound<Scratch> {
  const { latent, harden, soften, pull, pullThrough } = relaxation;
  const schedule = bindTemperature(wordOf(name), temperature, site);
  const softened = ({ soft, at }: Workspace<Scratch>): Pointer => (hard ? at.y : soft.x);
  return {
    propose(work, draw) {
      const { kernels, rows, soft, at, dim, bytes } = work;
      const now = schedule.begin();
      // By the chunk: z is still in the second cache when it is softened.
      drawn(work, latent, draw(0), at.noise, at.z, (first, some) => {
        const from = first * dim * bytes;
        soften(kernels, some, at.z + from, now, softened(work) + from);
      });
      if (hard) harden(kernels, rows, at.z, soft.x);
    },
    combine: everyValue,
    terms(work, { first, rows }, terms) {
      const { kernels, theta, soft, at, dim, bytes } = work;
      const from = first * dim * bytes;
      const y = softened(work) + from;
      if (pullThrough !== undefined) return pullThrough(kernels, rows, y, schedule.now(), soft.gradient + from, terms);
      pull(kernels, rows, y, schedule.now(), soft.gradient + from, at.cotangent);
      latent.pull(kernels, rows, theta, at.noise + first * latent.noise * bytes, at.z + from, at.cotangent, terms);
    },
    learn: schedule.learn,
  };
}

/** Every value of f counts once in the objective. */
export function everyValue({ kernels, rows, soft, total }: Workspace): void {
  kernels.arrayFill(rows, 1, soft.weight);
  kernels.arrayCopy(rows, soft.value, total);
}

/** Draws z by the chunk of a stream, and tells of each one drawn: the first row, and how many. */
function drawn({ kernels, rows, theta, dim, bytes }: Workspace, latent: Path, stream: Stream, noise: Pointer, z: Pointer, use: (first: number, rows: number) => void): void {
  for (let first = 0; first < rows; first += CHUNK) {
    const some = Math.min(CHUNK, rows - first);
    const chunk = stream.chunk + first / CHUNK;
    latent.draw(kernels, { ...stream, chunk }, some, theta, noise + first * latent.noise * bytes, z + first * dim * bytes);
    use(first, some);
  }
}
