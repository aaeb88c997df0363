import { none } from "../baselines/none.ts";
import { finite, has, wrongKind } from "../errors.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Conditional, Distribution, LatentScored, Scored } from "../vocabulary/distribution.ts";
import { type Bound, type Estimator, estimator, type Site, type Workspace } from "../vocabulary/estimator.ts";
import { relaxations } from "../wasm/modules.ts";
import { bindControlled, pushes } from "./controlled.ts";
import type { BoundPart, Latent } from "./controls.ts";
import { bindSoftened, pointsOf, type Softened } from "./softened.ts";
import { bindSurrogate, type LearnedControl } from "./surrogate.ts";

/** The options that every learned control variate has, checked. */
export function common(caller: string, { rate = 0.01, baseline = none(), controlVariate }: { readonly rate?: number; readonly baseline?: Baseline; readonly controlVariate?: LearnedControl }): { rate: number; baseline: Baseline } {
  if (!has("bind", baseline)) throw wrongKind(caller, "baseline", "a baseline", baseline, "For a number use constant(number).");
  if (controlVariate !== undefined && !has("initial", controlVariate)) throw wrongKind(caller, "controlVariate", "networkControl() or learnedControl(expression, initial)", controlVariate);
  return { rate: finite(caller, "rate", rate, "a number > 0", (x) => x > 0), baseline };
}

interface Parts {
  readonly softened: Softened | undefined;
  readonly surrogate: LearnedControl | undefined;
  readonly rate: number;
  readonly baseline: Baseline;
}

type Scratch = "z" | "noise";

/** A family with a score, and its latent given x; or with the score of its latent. */
export type Controllable = (Scored & Conditional) | LatentScored;

/** Latents that c is evaluated at: z and z̃, or z alone. */
const latentsOf = (p: object): 1 | 2 => (has("latentScore", p) ? 1 : 2);

/** The score function with c(z̃) taken out, and its mean given back along z and z̃: REBAR where c is f relaxed, RELAX where it is learned. */
export function conditioned(name: string, parts: Parts): Estimator<Controllable, never> {
  const { softened, baseline } = parts;
  return estimator<Controllable, never, Scratch>({
    name,
    unbiased: true,
    distribution: ["score", "relaxation", "conditional"],
    instead: ["latentScore"],
    integrand: softened === undefined ? [] : ["differentiable"],
    modules: [relaxations],
    plan(p, _, { integrand: f }) {
      const { name: family, dim, relaxation } = p;
      const latents = latentsOf(p);
      pushes(name, family, { latent: relaxation.latent, ...("conditional" in p && { "latent given x": p.conditional }) });
      if (softened !== undefined && relaxation.dim !== dim) throw new TypeError(`${name}: ${family} relaxes to points of width ${relaxation.dim}, and draws points of width ${dim}: f cannot take both.`);
      return { value: 1, gradient: softened === undefined ? 0 : latents * pointsOf(softened, relaxation, f), scratch: { z: latents * relaxation.dim, noise: relaxation.latent.noise }, least: baseline.least };
    },
    bind: (p, site) => bind(name, p, site, parts),
  });
}

function bind(name: string, p: Controllable & Distribution, site: Site, { softened, surrogate, rate, baseline }: Parts): Bound<Scratch> {
  const { relaxation } = p;
  const width = relaxation.dim;
  const points = latentsOf(p) * site.samples * site.batch;
  const soft = softened && bindSoftened(softened, rate, relaxation, site, points);
  const learned = surrogate && bindSurrogate(surrogate, "latent", rate, site, points, width);
  const latent: Latent = { path: relaxation.latent, noise: ({ at }) => at["noise"]! };
  const z = ({ at }: Workspace): Pointer => at["z"]!;
  const controls = bindControlled(p, site, {
    name,
    ...("latentScore" in p
      ? { score: { add: p.latentScore, of: z, width }, latents: [latent] as const }
      : { score: { add: p.score, of: ({ hard }) => hard.x, width: p.dim }, latents: [latent, { path: p.conditional, noise: ({ hard }) => hard.x }] as const }),
    z,
    width,
    parts: [soft, learned].filter((part): part is BoundPart & typeof soft => part !== undefined),
    baseline: baseline.bind(site),
  });
  return {
    propose(work: Workspace<Scratch>, draw) {
      const { kernels, rows, theta, hard, at, bytes } = work;
      relaxation.latent.draw(kernels, draw(0), rows, theta, at.noise, at.z);
      relaxation.harden(kernels, rows, at.z, hard.x);
      if ("conditional" in p) p.conditional.draw(kernels, draw(1), rows, theta, hard.x, at.z + rows * width * bytes);
      soft?.propose(work, at.z);
    },
    ...controls,
  };
}
