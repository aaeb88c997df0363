import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import type { Averaged, Distribution, Invertible, Scored } from "../vocabulary/distribution.ts";
import type { Site } from "../vocabulary/estimator.ts";
import { type Axis, axisOf, extent, type Functions, functions, placeOf, PROBES, probesOf } from "./nodes.ts";
import { type Asked, type Range, rangesOf } from "./ranges.ts";
import { type BoundRule, power, type Rule } from "./weighed-sum.ts";

/** Draws that show where a family has its mass. */
const DRAWS = 256;
/** Of these the ones through which the integrand is looked at along each coordinate. */
const SLICES = 8;
/** Points whose log density is below have no part in any sum of doubles. */
const NOTHING = -700;

type Family = Distribution & Scored & Partial<Invertible & Averaged>;

/** Coordinates of the integral over K draws. */
export const axesOf = (p: Distribution, particles: number): number => particles * p.dim;

/**
 * The product of rules in each coordinate, `count` nodes each.
 *
 * @param depth  nodes lie where the density is above e^−depth of its peak
 */
export function quadratureRule(count: number, depth: number): Rule {
  return { name: "quadrature", points: (p, particles) => power(count, axesOf(p, particles)), bind: (p, site) => bind(p, site, count, depth) };
}

const UNIT: Range = { low: 0, high: 1 };

function bind(p: Family, { region, batch, particles }: Site, count: number, depth: number): BoundRule {
  const { dim } = p;
  const points = power(count, axesOf(p, particles));
  const inverted = p.quantile?.uniforms === dim;
  const draws = region.reserve(DRAWS * batch * dim);
  const [mean, variance] = [region.reserve(batch * dim), region.reserve(batch * dim)];
  const [x, logs] = [region.reserve(PROBES * batch * dim), region.reserve(PROBES * batch)];
  const memory = region.reserve(Math.max(count, DRAWS, PROBES));
  const uniform = region.reserve(inverted ? particles * points * batch * dim : 0);
  const shape = { count, points, particles, batch, dim };
  return {
    place({ kernels, theta }, draw, into, density, logWeight) {
      p.sample(kernels, draw(0), DRAWS * batch, theta, draws.at);
      const asked = { kernels, p, theta, dim, batch, draws, x, logs };
      const ranges = rangesOf(asked);
      if (ranges === undefined && !inverted) throw new RangeError(`the ends of the support of ${p.name} are not known`);
      const use = functions(kernels, memory);
      p.moments?.(kernels, theta, mean.at, variance.at);
      const means = p.moments && mean.view();
      const axes = Array.from({ length: dim }, (_, j) => (ranges === undefined ? unitAxes(use, count, batch, depth) : axesAlong(asked, use, count, { range: ranges[j]!, j, depth, means })));
      const all = particles * points * batch;
      const numbers = (at: Pointer, length: number): Float64Array => region.core.view("f64", at, length) as Float64Array;
      product(shape, axes, numbers(ranges === undefined ? uniform.at : into, all * dim), numbers(logWeight, points * batch));
      if (ranges === undefined) p.quantile!.draw(kernels, all, theta, uniform.at, into, into);
      p.logProb(kernels, all, theta, into, density);
      const views = { x: numbers(into, all * dim), density: numbers(density, all), weight: numbers(logWeight, points * batch) };
      if (ranges === undefined) divided(views);
      if (cleaned(views, shape, draws)) p.logProb(kernels, all, theta, into, density);
    },
  };
}

/** Nodes for uniforms, the same for every problem. */
function unitAxes(use: Functions, count: number, batch: number, depth: number): readonly Axis[] {
  const place = { m: 0, s: 1 };
  const axis = axisOf(use, count, UNIT, place, extent([probesOf(use, UNIT, place).log], depth));
  return Array.from({ length: batch }, () => axis);
}

interface Along {
  readonly range: Range;
  readonly j: number;
  readonly depth: number;
  readonly means: Points | undefined;
}

/** Nodes in coordinate j for each problem, where slices through some of its draws say that there is something. */
function axesAlong(asked: Asked, use: Functions, count: number, { range, j, depth, means }: Along): readonly Axis[] {
  const { draws, dim, batch } = asked;
  const places = Array.from({ length: batch }, (_, b) => placeOf(use, range, (draws.view() as Float64Array).filter((_, i) => i % (batch * dim) === b * dim + j), means?.[b * dim + j]));
  const probes = places.map((place) => probesOf(use, range, place));
  const slices = Array.from({ length: SLICES }, (_, draw) => sliced(asked, probes, j, draw));
  return places.map((place, b) => axisOf(use, count, range, place, extent(slices.map((each) => each[b]!), depth)));
}

/** For each problem, log weight and log density along coordinate j through one of its draws. */
function sliced({ kernels, p, theta, dim, batch, draws, x, logs }: Asked, probes: readonly Axis[], j: number, draw: number): readonly Float64Array[] {
  const [rows, width] = [x.view(), batch * dim];
  const through = draws.view().slice(draw * width, (draw + 1) * width);
  for (let i = 0; i < PROBES; i++) {
    rows.set(through as Float64Array, i * width);
    for (let b = 0; b < batch; b++) rows[i * width + b * dim + j] = probes[b]!.x[i]!;
  }
  p.logProb(kernels, PROBES * batch, theta, x.at, logs.at);
  const found = logs.view();
  return probes.map(({ log }, b) => log.map((own, i) => own + found[i * batch + b]!));
}

interface Shape {
  readonly count: number;
  readonly points: number;
  readonly particles: number;
  readonly batch: number;
  readonly dim: number;
}

interface Views {
  readonly x: Float64Array;
  readonly density: Float64Array;
  readonly weight: Float64Array;
}

/** Every combination of the nodes of all coordinates of all particles. */
function product({ count, points, particles, batch, dim }: Shape, axes: readonly (readonly Axis[])[], x: Float64Array, weight: Float64Array): void {
  weight.fill(0);
  for (let b = 0; b < batch; b++) {
    for (let j = 0; j < dim; j++) {
      const axis = axes[j]![b]!;
      for (let k = 0; k < particles; k++) {
        const stride = power(count, k * dim + j);
        for (let point = 0; point < points; point++) {
          const node = Math.floor(point / stride) % count;
          x[((k * points + point) * batch + b) * dim + j] = axis.x[node]!;
          weight[point * batch + b]! += axis.log[node]!;
        }
      }
    }
  }
}

/** Where uniforms were the coordinates, their density is in the weight already: it is taken out again. */
function divided({ density, weight }: Views): void {
  density.forEach((log, i) => (weight[i % weight.length]! -= log));
}

/** Points without any weight go to the first draw of their problem: f need not be finite where there is nothing. Whether there were such. */
function cleaned({ x, density, weight }: Views, { particles, batch, dim }: Shape, draws: Field): boolean {
  const first = draws.view();
  let moved = false;
  for (let r = 0; r < weight.length; r++) {
    let sum = weight[r]!;
    for (let k = 0; k < particles; k++) sum += density[k * weight.length + r]!;
    if (sum > NOTHING && sum < Infinity) continue;
    moved = true;
    weight[r] = -Infinity;
    for (let k = 0; k < particles; k++) for (let j = 0; j < dim; j++) x[(k * weight.length + r) * dim + j] = first[(r % batch) * dim + j]!;
  }
  return moved;
}

