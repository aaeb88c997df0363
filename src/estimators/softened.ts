import type { Pointer } from "../core/kernels.ts";
import { finite, wrongKind } from "../errors.ts";
import { adam } from "../optimizers/adam.ts";
import type { Relaxation } from "../vocabulary/distribution.ts";
import type { Site, Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { BoundPart } from "./controls.ts";
import { along, bindTemperatureGradient, onTape } from "./temperature-gradient.ts";

export interface SoftenedOptions {
  /** λ, in soften(z / λ), to begin with; > 0, 0.5 unless given. */
  readonly temperature?: number;
  /** η, in front of f(soften(z / λ)), to begin with; > 0, 1 unless given. */
  readonly eta?: number;
  /** Which of the two follow the gradient of the variance; both unless given. Unless f is an expression, a temperature that learns costs 4 more evaluations of f a sample. */
  readonly learn?: readonly ("temperature" | "eta")[];
}

/** The control variate η f(soften(z / λ)), checked. */
export interface Softened {
  readonly temperature: number;
  readonly eta: number;
  readonly learns: { readonly temperature: boolean; readonly eta: boolean };
}

export function softenedOf(caller: string, { temperature = 0.5, eta = 1, learn = ["temperature", "eta"] }: SoftenedOptions): Softened {
  const unknown = (name: unknown): boolean => name !== "temperature" && name !== "eta";
  if (!Array.isArray(learn) || learn.some(unknown)) throw wrongKind(caller, "learn", 'a list of "temperature" and "eta"', learn);
  return {
    temperature: finite(caller, "temperature", temperature, "a number > 0", (x) => x > 0),
    eta: finite(caller, "eta", eta, "a number > 0", (x) => x > 0),
    learns: { temperature: learn.includes("temperature"), eta: learn.includes("eta") },
  };
}

/** Points for each latent at which f and its gradient are wanted: y, and, for a temperature that learns by differences, two more. */
export function pointsOf({ learns }: Softened, relaxation: Relaxation, f: Integrand | undefined): number {
  return learns.temperature && !onTape(relaxation, f) ? 3 : 1;
}

// By log η the gradient falls with η²: a memory of many steps would measure new gradients by old ones, and η would stop half-way.
const MEMORY = 0.95;
/** As far as e^±10 from where they begin: nothing overflows, however long what they follow points one way. */
const FARTHEST = 10;

/**
 * η f(soften(z / λ)) at z and z̃. In the state: log(η / its beginning) and log(λ / its beginning), which Adam moves along
 *
 *   ∂ĝ²/∂ log η = η L, ∂ĝ²/∂ log λ = η ∂L/∂ log λ, L = Σ weight · f(y) + direction · ∂f(y)/∂z
 */
export function bindSoftened(part: Softened, rate: number, relaxation: Relaxation, site: Site, points: number): BoundPart & { readonly propose: (work: Workspace, z: Pointer) => void } {
  const { learns } = part;
  const { soften, pull, dim } = relaxation;
  const { region, remember } = site;
  const logs = remember("softened.logs", 2);
  const optimizer = adam({ rate, beta2: MEMORY }).bind(region, 2, (name, length, precision) => remember(`softened.${name}`, length, precision));
  const [factors, descent, slopes] = [region.reserve(2), region.reserve(2), region.reserve(points * dim)];
  const byTemperature = learns.temperature ? bindTemperatureGradient(relaxation, site, points) : undefined;
  let [eta, temperature] = [part.eta, part.temperature];

  return {
    propose({ kernels, soft, bytes }, z) {
      kernels.elementwiseExp(2, logs.at, factors.at);
      eta = part.eta * factors.view()[0]!;
      temperature = part.temperature * factors.view()[1]!;
      const all = [temperature, ...(byTemperature?.beside(temperature) ?? [])];
      all.forEach((own, i) => soften(kernels, points, z, own, soft.x + i * points * dim * bytes));
    },
    add({ kernels, soft }, _, value, slope) {
      pull(kernels, points, soft.x, temperature, soft.gradient, slopes.at);
      kernels.controlsAddScaled(points, eta, soft.value, value);
      kernels.controlsAddScaled(points * dim, eta, slopes.at, slope);
    },
    learn(work, z, weight, direction) {
      const at = descent.view();
      at[0] = learns.eta ? eta * along(work, points, dim, 0, weight, direction, slopes.at) : 0;
      at[1] = byTemperature === undefined ? 0 : eta * byTemperature.slope(work, temperature, z, weight, direction);
      if (!at.every(Number.isFinite)) return;
      optimizer.step(work.kernels, -1, descent.at, logs.at);
      const moved = logs.view();
      moved.forEach((log: number, i: number) => (moved[i] = Math.max(-FARTHEST, Math.min(FARTHEST, log))));
    },
  };
}
