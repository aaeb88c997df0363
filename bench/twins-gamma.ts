/**
 * Draws of the families around gamma in plain TypeScript, one number at a time: Marsaglia & Tsang 2000, Best & Fisher 1979, and for Student's t
 * the polar method of Bailey 1994. The generator is in reach instead of passed, as in twins.ts.
 */
import { bessel } from "../reference/math/bessel.ts";
import { digamma } from "../reference/math/digamma.ts";
import { digammaStep } from "../reference/math/gamma-functions.ts";
import type { Floats } from "./case.ts";
import { unit } from "./random.ts";

const state = { spare: Number.NaN };

function normal(): number {
  const { spare } = state;
  state.spare = Number.NaN;
  if (spare === spare) return spare;
  for (;;) {
    const u = 2 * unit() - 1;
    const v = 2 * unit() - 1;
    const s = u * u + v * v;
    if (s >= 1 || s === 0) continue;
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    state.spare = v * factor;
    return u * factor;
  }
}

function gamma(shape: number): number {
  if (shape < 1) return gamma(shape + 1) * unit() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal();
    const side = 1 + c * z;
    if (side <= 0) continue;
    const v = side * side * side;
    const u = unit();
    if (u < 1 - 0.0331 * z * z * z * z || Math.log(u) < 0.5 * z * z + d * (1 - v + Math.log(v))) return d * v;
  }
}

export function gammas(shape: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    x[i] = gamma(shape[j]!);
    if (++j === shape.length) j = 0;
  }
}

export function betas(a: Floats, b: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    const one = gamma(a[j]!);
    x[i] = one / (one + gamma(b[j]!));
    if (++j === a.length) j = 0;
  }
}

export function dirichlets(shape: Floats, x: Floats): void {
  for (let row = 0; row < x.length; row += shape.length) {
    let sum = 0;
    for (let j = 0; j < shape.length; j++) sum += x[row + j] = gamma(shape[j]!);
    for (let j = 0; j < shape.length; j++) x[row + j]! /= sum;
  }
}

export function students(degrees: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    const own = degrees[j]!;
    x[i] = Math.sqrt(own * Math.expm1((-2 * Math.log(unit())) / own)) * Math.cos(2 * Math.PI * unit());
    if (++j === degrees.length) j = 0;
  }
}

export function angles(kappa: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    x[i] = angle(kappa[j]!);
    if (++j === kappa.length) j = 0;
  }
}

function angle(kappa: number): number {
  const r = (1 + Math.sqrt(1 + 4 * kappa * kappa)) / (2 * kappa);
  for (;;) {
    const z = Math.cos(Math.PI * unit());
    const f = (1 + r * z) / (r + z);
    const c = kappa * (r - f);
    const u = unit();
    if (c * (2 - c) > u || Math.log(c / u) + 1 - c >= 0) return unit() < 0.5 ? -Math.acos(f) : Math.acos(f);
  }
}

// Scores in log parameters, of rate 1, location 0 and scale 1; what does not depend on x is computed before.

export function gammaScore(shape: number): (x: number) => readonly number[] {
  const psi = digamma(shape);
  return (x) => [shape * (Math.log(x) - psi), shape - x];
}

export function betaScore(a: number, b: number): (x: number) => readonly number[] {
  const [one, zero] = [digammaStep(a, b), digammaStep(b, a)];
  return (x) => [a * (Math.log(x) + one), b * (Math.log1p(-x) + zero)];
}

export function studentScore(degrees: number): (x: number) => readonly number[] {
  const lead = digammaStep(degrees / 2, 0.5) - 1 / degrees;
  return (z) => {
    const weight = (degrees + 1) / (degrees + z * z);
    return [(degrees / 2) * (lead - Math.log1p((z * z) / degrees) + (weight * z * z) / degrees), weight * z, weight * z * z - 1];
  };
}

export function angleScore(kappa: number): (x: number) => readonly number[] {
  const { gap } = bessel(kappa);
  return (x) => [kappa * Math.sin(x), kappa * (Math.cos(x) - 1 + gap)];
}
