/**
 * Draws of the discrete families in plain TypeScript, as in reference/, but with the generator in reach instead of passed: V8 does not keep a
 * generator that is a parameter inlined, and 1.8 ns a draw become 10 or more.
 */
import type { Alias } from "../reference/distributions/categorical.ts";
import type { Floats } from "./case.ts";
import { unit } from "./random.ts";

export function flips(p: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    x[i] = unit() < p[j]! ? 1 : 0;
    if (++j === p.length) j = 0;
  }
}

export function pairs(p: Floats, x: Floats, mirrored: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    const u = unit();
    x[i] = u < p[j]! ? 1 : 0;
    mirrored[i] = 1 - u < p[j]! ? 1 : 0;
    if (++j === p.length) j = 0;
  }
}

/** Many draws of one row, from its alias table (Walker 1977). */
export function choices({ probs: p, other }: Alias, x: Floats): void {
  for (let i = 0; i < x.length; i++) {
    const u = unit() * p.length;
    const k = Math.floor(u);
    x[i] = u - k < p[k]! ? k : other[k]!;
  }
}

/** One draw for each row of logits, by inversion. */
export function choicesOfRows(categories: number, logits: Floats, x: Floats): void {
  const weights = new Float64Array(categories);
  for (let b = 0, row = 0; b < x.length; b++, row += categories) {
    let most = -Infinity;
    for (let k = 0; k < categories; k++) if (logits[row + k]! > most) most = logits[row + k]!;
    let sum = 0;
    for (let k = 0; k < categories; k++) sum += weights[k] = Math.exp(logits[row + k]! - most);
    let left = unit() * sum - weights[0]!;
    let k = 0;
    while (left >= 0 && k < categories - 1) left -= weights[++k]!;
    x[b] = k;
  }
}

/** Gumbel-softmax there and back, the cotangent ½: z, y and the terms of the logits. */
export function relaxations(logProbs: Floats, temperature: number, z: Floats, y: Floats, terms: Floats): void {
  const categories = logProbs.length;
  const probs = logProbs.map(Math.exp);
  for (let row = 0; row < z.length; row += categories) {
    let most = -Infinity;
    for (let k = 0; k < categories; k++) {
      const latent = logProbs[k]! - Math.log(-Math.log(unit()));
      z[row + k] = latent;
      if (latent > most) most = latent;
    }
    let sum = 0;
    for (let k = 0; k < categories; k++) sum += y[row + k] = Math.exp((z[row + k]! - most) / temperature);
    let mean = 0;
    for (let k = 0; k < categories; k++) mean += 0.5 * (y[row + k]! /= sum);
    let total = 0;
    for (let k = 0; k < categories; k++) total += (y[row + k]! * (0.5 - mean)) / temperature;
    for (let k = 0; k < categories; k++) terms[row + k]! += (y[row + k]! * (0.5 - mean)) / temperature - probs[k]! * total;
  }
}

/** Standard normals by the polar method (Marsaglia & Bray 1964), a pair at a time; z has an even length. */
export function normals(z: Floats): void {
  for (let i = 0; i < z.length; ) {
    const u = 2 * unit() - 1;
    const v = 2 * unit() - 1;
    const s = u * u + v * v;
    if (s >= 1 || s === 0) continue;
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    z[i++] = u * factor;
    z[i++] = v * factor;
  }
}

/** z = logits + logistic noise, x = 1[z > 0]. */
export function latents(logits: Floats, z: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < z.length; i++) {
    const u = unit();
    z[i] = logits[j]! + Math.log(u / (1 - u));
    x[i] = z[i]! > 0 ? 1 : 0;
    if (++j === logits.length) j = 0;
  }
}

/** z̃ given x: a uniform of the part of (0, 1) that x leaves (Tucker et al. 2017). */
export function latentsGiven(logits: Floats, p: Floats, x: Floats, z: Floats): void {
  for (let i = 0, j = 0; i < z.length; i++) {
    const v = unit();
    const u = x[i] === 1 ? 1 - p[j]! + v * p[j]! : v * (1 - p[j]!);
    z[i] = logits[j]! + Math.log(u) - Math.log1p(-u);
    if (++j === p.length) j = 0;
  }
}

/** z̃ given a one-hot x: the winner's exponential first, the others behind it. */
export function choicesGiven(p: Floats, x: Floats, z: Floats): void {
  const categories = p.length;
  for (let row = 0; row < z.length; row += categories) {
    const first = -Math.log(unit());
    for (let k = 0; k < categories; k++) z[row + k] = x[row + k] === 1 ? -Math.log(first) : -Math.log(-Math.log(unit()) / p[k]! + first);
  }
}
