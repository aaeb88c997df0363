import { addAt, numberAt, setAt } from "../memory";
import { CHUNK } from "../random/stream";
import { begin, next } from "../random/uniforms";
import { copyPoint, placeOf, ranked, Ranked } from "./ranked-support";

/**
 * The `terms` most probable points, the same for all samples of a problem, and one draw from the others by inversion.
 *
 * Liu, Regier, Tripuraneni, Jordan & McAuliffe 2019.
 *
 * @param ready    written by rankedSupport's `rank`
 * @param support  T[points, batch, dim]
 * @param x        T[terms + 1, rows, dim], written (T[terms, rows, dim] where terms = points)
 */
export function propose<T>(low: u32, high: u32, site: u32, chunk: u32, terms: i32, rows: i32, batch: i32, points: i32, dim: i32, ready: usize, support: usize, x: usize): void {
  proposeOf(sizeof<T>(), low, high, site, chunk, terms, rows, batch, points, dim, ready, support, x);
}

function proposeOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, terms: i32, rows: i32, batch: i32, points: i32, dim: i32, ready: usize, support: usize, x: usize): void {
  for (let i = 0; i < terms; ++i) {
    for (let r = 0; r < rows; ++r) copyPoint(size, batch, r % batch, dim, ranked(ready, Ranked.Order, batch, r % batch, points), i, support, i * rows + r, x);
  }
  if (terms == points) return;
  for (let r = 0; r < rows; ++r) {
    if (r % CHUNK == 0) begin(low, high, site, chunk++);
    const b = r % batch, rest = ranked(ready, Ranked.Rest, batch, b, points);
    const place = placeOf(rest, terms, points, next() * -numberAt(8, rest, terms));
    copyPoint(size, batch, b, dim, ranked(ready, Ranked.Order, batch, b, points), place, support, terms * rows + r, x);
  }
}

/**
 * weight[i, r] = the probability of point i of the sum, and of all the others for their one draw; total[r] = Σᵢ weight[i, r] · value[i, r].
 *
 * @param value   T[≥ terms + 1, rows] (T[terms, rows] where terms = points)
 * @param weight  of the same shape, written
 * @param total   T[rows], written
 */
export function weigh<T>(terms: i32, rows: i32, batch: i32, points: i32, ready: usize, value: usize, weight: usize, total: usize): void {
  weighOf(sizeof<T>(), terms, rows, batch, points, ready, value, weight, total);
}

function weighOf(size: i32, terms: i32, rows: i32, batch: i32, points: i32, ready: usize, value: usize, weight: usize, total: usize): void {
  for (let r = 0; r < rows; ++r) setAt(size, total, r, 0);
  for (let i = 0; i <= min(terms, points - 1); ++i) {
    for (let r = 0; r < rows; ++r) {
      const w = i < terms ? numberAt(8, ranked(ready, Ranked.Probs, batch, r % batch, points), i) : -numberAt(8, ranked(ready, Ranked.Rest, batch, r % batch, points), i);
      setAt(size, weight, i * rows + r, w);
      addAt(size, total, r, w * numberAt(size, value, i * rows + r));
    }
  }
}

/**
 * coefficient[i, r] = weight[i, r] · (value[i, r] − baseline[r]), or less a baseline [i, r] of its own where `own`.
 *
 * @param weight, value, coefficient  T[points, rows]
 * @param baseline                    T[rows] (T[points, rows] where `own`)
 */
export function compare<T>(points: i32, rows: i32, own: bool, weight: usize, value: usize, baseline: usize, coefficient: usize): void {
  compareOf(sizeof<T>(), points, rows, own, weight, value, baseline, coefficient);
}

function compareOf(size: i32, points: i32, rows: i32, own: bool, weight: usize, value: usize, baseline: usize, coefficient: usize): void {
  for (let i = 0, e = 0; i < points; ++i) {
    for (let r = 0; r < rows; ++r, ++e) setAt(size, coefficient, e, numberAt(size, weight, e) * (numberAt(size, value, e) - numberAt(size, baseline, own ? e : r)));
  }
}
