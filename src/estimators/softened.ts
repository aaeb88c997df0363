import type { Pointer } from "../core/kernels.ts";
import { finite, wrongKind } from "../errors.ts";
import { adam } from "../optimizers/adam.ts";
import type { Relaxation } from "../vocabulary/distribution.ts";
import type { Site, Workspace } from "../vocabulary/estimator.ts";
import type { BoundPart } from "./controlled.ts";

export interface SoftenedOptions {
  /** λ, in soften(z / λ), to begin with; > 0, 0.5 unless given. */
  readonly temperature?: number;
  /** η, in front of f(soften(z / λ)), to begin with; > 0, 1 unless given. */
  readonly eta?: number;
  /** Which of the two follow the gradient of the variance; both unless given. A fixed temperature saves 4 evaluations of f a sample. */
  readonly learn?: readonly ("temperature" | "eta")[];
}

/** The control variate η f(soften(z / λ)), checked. */
export interface Softened {
  readonly temperature: number;
  readonly eta: number;
  readonly learns: { readonly temperature: boolean; readonly eta: boolean };
  /** Points a sample at which f and its gradient are wanted. */
  readonly points: number;
}

export function softenedOf(caller: string, { temperature = 0.5, eta = 1, learn = ["temperature", "eta"] }: SoftenedOptions): Softened {
  const unknown = (name: unknown): boolean => name !== "temperature" && name !== "eta";
  if (!Array.isArray(learn) || learn.some(unknown)) throw wrongKind(caller, "learn", 'a list of "temperature" and "eta"', learn);
  const learns = { temperature: learn.includes("temperature"), eta: learn.includes("eta") };
  return {
    temperature: finite(caller, "temperature", temperature, "a number > 0", (x) => x > 0),
    eta: finite(caller, "eta", eta, "a number > 0", (x) => x > 0),
    learns,
    points: learns.temperature ? 6 : 2,
  };
}

/** The temperatures of the central difference are λ · STEP and λ / STEP. */
const STEP = 65 / 64;
const LOG_STEP = 0.015504186535965254;
// By log η the gradient falls with η²: a memory of many steps would measure new gradients by old ones, and η would stop half-way.
const MEMORY = 0.95;
/** As far as e^±10 from where they begin: nothing overflows, however long what they follow points one way. */
const FARTHEST = 10;

/**
 * η f(soften(z / λ)) at z and z̃. In the state: log(η / its beginning) and log(λ / its beginning), which Adam moves along
 *
 *   ∂ĝ²/∂ log η = L(λ), ∂ĝ²/∂ log λ = (L(λ STEP) − L(λ / STEP)) / (2 log STEP), L = η (Σ weight · f + direction · ∂f/∂z)
 *
 * exactly, and by a central difference: no second derivative of f is asked for.
 */
export function bindSoftened(part: Softened, rate: number, { soften, pull, dim }: Relaxation, { region, remember }: Site, points: number): BoundPart & { readonly propose: (work: Workspace, z: Pointer) => void } {
  const { learns } = part;
  const logs = remember("softened.logs", 2);
  const optimizer = adam({ rate, beta2: MEMORY }).bind(region, 2, (name, length, precision) => remember(`softened.${name}`, length, precision));
  const [factors, descent, pulled, spare] = [region.reserve(2), region.reserve(2), region.reserve(points * dim), region.reserve(learns.temperature ? points * dim : 0)];
  let [eta, temperature] = [part.eta, part.temperature];
  const temperatures = (): readonly number[] => (learns.temperature ? [temperature, temperature * STEP, temperature / STEP] : [temperature]);

  /** Σ weight · f + direction · ∂f/∂z at the i-th temperature, where ∂f/∂z is at `slope`. */
  const loss = ({ kernels, soft, bytes }: Workspace, i: number, weight: Pointer, direction: Pointer, slope: Pointer): number =>
    kernels.arrayDot(points, weight, soft.value + i * points * bytes) + kernels.arrayDot(points * dim, direction, slope);

  return {
    propose({ kernels, soft, bytes }, z) {
      kernels.elementwiseExp(2, logs.at, factors.at);
      eta = part.eta * factors.view()[0]!;
      temperature = part.temperature * factors.view()[1]!;
      temperatures().forEach((own, i) => soften(kernels, points, z, own, soft.x + i * points * dim * bytes));
    },
    add({ kernels, soft }, _, value, slope) {
      pull(kernels, points, soft.x, temperature, soft.gradient, pulled.at);
      kernels.arrayAddScaled(points, eta, soft.value, value);
      kernels.arrayAddScaled(points * dim, eta, pulled.at, slope);
    },
    learn(work, _, weight, direction) {
      const { kernels, soft, bytes } = work;
      const at = descent.view();
      at[0] = learns.eta ? eta * loss(work, 0, weight, direction, pulled.at) : 0;
      const [, above, below] = temperatures().map((own, i) => {
        if (i === 0) return 0;
        const from = i * points * dim * bytes;
        pull(kernels, points, soft.x + from, own, soft.gradient + from, spare.at);
        return loss(work, i, weight, direction, spare.at);
      });
      at[1] = learns.temperature ? (eta * (above! - below!)) / (2 * LOG_STEP) : 0;
      if (!at.every(Number.isFinite)) return;
      optimizer.step(kernels, -1, descent.at, logs.at);
      const moved = logs.view();
      moved.forEach((log: number, i: number) => (moved[i] = Math.max(-FARTHEST, Math.min(FARTHEST, log))));
    },
  };
}
