import { exp64 } from "../math/once";
import { massesOver, massOver } from "../math/saddle-point";
import { numberAt, setAt } from "../memory";
import { Part, partOf } from "./count-parts";

/**
 * Tables for few parameters with many draws each. Of counts that are inverted: where in its sums P(0) + … + P(k) a count's u lies, from the slot of its leading bits on (Chen & Asau 1974).
 *
 * The sums are those that `invert` adds up, so both give the same count for the same word, and a run may be of any length. After a family's parts
 * come the number of parameters, 0 if there is no room for tables, and for each: sign, shift, MOST sums, SLOTS bytes.
 */
const MOST: i32 = 128;
const SLOTS: i32 = 128;
/** Numbers of one table; src/distributions/counts.ts reserves as many. */
const TABLE: i32 = 146;
/** Parameters that have tables. */
const PARAMETERS: i32 = 64;
/** Draws of a parameter that pay for its table. */
const LEAST_DRAWS: i32 = 128;
/** As for `invert`. */
const LEAST: f64 = 1.3877787807814457e-17;

/** θ whose draws go by table, where its tables begin, and their number: 0 for none. */
let from: usize = 0, tables: usize = 0, period: i32 = 0;

/** Notes in a prepared θ how many tables it may have. */
export function reserveTables(theta: usize, parts: i32, parameters: i32, tile: i32): void {
  setAt(8, partOf(theta, parts, tile), 0, parameters <= PARAMETERS ? parameters : 0);
}

/** Builds the tables of θ if `draws` draws are worth them, and every count that is inverted has one. */
export function openTables(theta: usize, parts: i32, tile: i32, draws: i32, bounded: bool): void {
  const first = partOf(theta, parts, tile);
  from = theta;
  tables = first + 8;
  period = <i32>numberAt(8, first, 0);
  if (draws < period * LEAST_DRAWS) period = 0;
  for (let i = 0; i < period; ++i) {
    const own = theta + (<usize>i << 3), table = tables + (<usize>(i * TABLE) << 3);
    if (load<f64>(partOf(own, Part.First, tile)) == 0) bound(own, tile, bounded, table);
    else if (!build(own, tile, table)) period = 0;
  }
}

export function closeTables(): void {
  period = 0;
}

@inline
export function areTabled(): bool {
  return period > 0;
}

/**
 * What is not inverted has a sign of 0, and instead of sums, for the counts around its mean, what v / (a / rim² + b) may be: rounded down by more
 * than the test itself could err, so that both agree.
 */
function bound(theta: usize, tile: i32, bounded: bool, table: usize): void {
  const mean = f64x2.splat(load<f64>(partOf(theta, Part.Mean, tile))), other = f64x2.splat(load<f64>(partOf(theta, Part.Other, tile)));
  const level = f64x2.splat(load<f64>(partOf(theta, Part.Level, tile))), limit = f64x2.splat(load<f64>(partOf(theta, Part.Limit, tile)));
  const first = floor(load<f64>(partOf(theta, Part.Mean, tile))) - <f64>(MOST / 2), one = f64x2.replace_lane(f64x2.splat(0), 1, 1);
  store<f64>(table, 0);
  store<f64>(table, first, 8);
  for (let i = 0; i < MOST; i += 2) {
    const x = f64x2.add(f64x2.splat(first + <f64>i), one);
    const log = bounded ? massesOver(f64x2.splat(1), x, mean, f64x2.sub(limit, x), other) : massOver(other, x, mean);
    v128.store(table + 16 + (<usize>i << 3), f64x2.mul(f64x2.splat(0.999999), exp64(f64x2.sub(log, level))));
  }
}

/** What v / (a / rim² + b) may be for x, or NaN if that is not known. */
export function boundOf(theta: usize, x: f64): f64 {
  const table = tables + (<usize>((<i32>((theta - from) >> 3) % period) * TABLE) << 3), i = x - load<f64>(table, 8);
  return i >= 0 && i < <f64>MOST ? load<f64>(table + 16 + (<usize>i << 3)) : NaN;
}

/** False if there are too many counts. */
function build(theta: usize, tile: i32, table: usize): bool {
  let p = load<f64>(partOf(theta, Part.First, tile)), sum = p;
  store<f64>(table, load<f64>(partOf(theta, Part.Sign, tile)));
  store<f64>(table, load<f64>(partOf(theta, Part.Shift, tile)), 8);
  const rise = load<f64>(partOf(theta, Part.Rise, tile)), fall = load<f64>(partOf(theta, Part.Fall, tile)), limit = load<f64>(partOf(theta, Part.Limit, tile));
  const sums = table + 16;
  let k: f64 = 0;
  for (; p > LEAST && k < limit; sum += p) {
    if (k == <f64>(MOST - 1)) return false;
    store<f64>(sums + (<usize>k << 3), sum);
    k += 1;
    p *= rise * (1 / k) - fall;
  }
  store<f64>(sums + (<usize>k << 3), Infinity);
  const slots = sums + (<usize>MOST << 3);
  for (let slot = 0, below = 0; slot < SLOTS; ++slot) {
    while (load<f64>(sums + (<usize>below << 3)) <= <f64>slot / <f64>SLOTS) ++below;
    store<u8>(slots + slot, <u8>below);
  }
  return true;
}

/**
 * x = shift + sign · #{k : P(0) + … + P(k) ≤ u} where the count is inverted.
 *
 * @param theta  of the first draw, in the tile that was opened
 */
export function lookUp(count: i32, words: usize, theta: usize, x: usize): void {
  let at = <i32>((theta - from) >> 3) % period, table = tables + (<usize>(at * TABLE) << 3);
  for (let i = 0; i < count; ++i, words += 8, x += 8) {
    const sign = load<f64>(table);
    if (sign != 0) {
      const word = load<u64>(words), u = (<f64>(<i64>(word >> 12)) + 0.5) * 2.220446049250313e-16;
      let k = <usize>load<u8>(table + 16 + (<usize>MOST << 3) + <usize>(word >> 57));
      while (load<f64>(table + 16 + (k << 3)) <= u) ++k;
      store<f64>(x, load<f64>(table, 8) + sign * <f64>k);
    }
    table += <usize>TABLE << 3;
    if (++at == period) {
      at = 0;
      table = tables;
    }
  }
}
