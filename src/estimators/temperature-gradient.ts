import type { Pointer } from "../core/kernels.ts";
import { bindTemperature } from "../tape/temperature.ts";
import type { Relaxation } from "../vocabulary/distribution.ts";
import type { Site, Workspace } from "../vocabulary/estimator.ts";
import type { Integrand, TwiceDifferentiable } from "../vocabulary/integrand.ts";

/** How L = Σ weight · f(y) + direction · ∂f(y)/∂z, y = soften(z / λ), changes with log λ. */
export interface TemperatureGradient {
  /** Temperatures at which f and its gradient are wanted besides λ. */
  readonly beside: (temperature: number) => readonly number[];
  readonly slope: (work: Workspace, temperature: number, z: Pointer, weight: Pointer, direction: Pointer) => number;
}

/** Whether the formula of f and the relaxation can be put together on the tape. */
export function onTape({ trace }: Relaxation, f: Integrand | undefined): f is TwiceDifferentiable {
  return trace !== undefined && (f as Partial<TwiceDifferentiable> | undefined)?.twice === true;
}

/** The exact derivative where f is an expression, a central difference at four more points of f where it is not. */
export function bindTemperatureGradient(relaxation: Relaxation, site: Site, points: number): TemperatureGradient {
  const { integrand: f, region, batch, context } = site;
  if (!onTape(relaxation, f)) return byDifference(relaxation, site, points);
  const tape = bindTemperature(f, relaxation.trace!, { region, dim: relaxation.dim, batch, rows: points, context });
  return {
    beside: () => [],
    slope: ({ params }, temperature, z, weight, direction) => temperature * tape.slope(params, temperature, points, z, weight, direction),
  };
}

const STEP = 65 / 64;
const LOG_STEP = 0.015504186535965254;

/** (L(λ STEP) − L(λ / STEP)) / (2 log STEP): no second derivative of f is asked for. */
function byDifference({ pull, dim }: Relaxation, { region }: Site, points: number): TemperatureGradient {
  const slopes = region.reserve(points * dim);
  const beside = (temperature: number): readonly number[] => [temperature * STEP, temperature / STEP];
  return {
    beside,
    slope(work, temperature, _, weight, direction) {
      const { kernels, soft, bytes } = work;
      const [above, below] = beside(temperature).map((own, i) => {
        const from = (i + 1) * points * dim * bytes;
        pull(kernels, points, soft.x + from, own, soft.gradient + from, slopes.at);
        return along(work, points, dim, i + 1, weight, direction, slopes.at);
      });
      return (above! - below!) / (2 * LOG_STEP);
    },
  };
}

/** L at the i-th temperature, where ∂f(y)/∂z is at `slopes`. */
export function along({ kernels, soft, bytes }: Workspace, points: number, dim: number, i: number, weight: Pointer, direction: Pointer, slopes: Pointer): number {
  return kernels.controlsDot(points, weight, soft.value + i * points * bytes) + kernels.controlsDot(points * dim, direction, slopes);
}
