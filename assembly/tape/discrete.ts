import { numberAt, setAt } from "../memory";
import { standard, Noise, SOURCE, begin } from "../random/noise";
import { categories } from "./categories";
import { BIRTHS, bits, chunkOf, FORGETS, isSplat, keyOf, operand, stepOf, WINS, WORDS, BITS } from "./draws";
import { areNear, areProbabilities, binomials, gather, geometrics, poissons, scatter, THETAS, TRIALS, UNIFORMS } from "./eights";
import { DEPTH, DETAIL, OUT, WIDTH } from "./opcodes";
import { binomial, geometric, poisson } from "./quantiles";

/** What is drawn: bits 4 to 7 of DEPTH. From bit 8 on, categories. */
const enum Kind { Bernoulli, Geometric, Poisson, Binomial, Categorical }

/** Other things a triple is told: of the perturbations of a lane each wins as often; what is asked for is the average of the jumps. */
const COUNTS: i32 = 4;
const SMOOTHED: i32 = 8;

// Operands. The parameter that may move, another, their infinitesimal and finite changes; then the lane's perturbation.
const THETA: i32 = 0;
const OTHER: i32 = 1;
const DELTA: i32 = 2;
const JUMP: i32 = 3;
const OTHER_JUMP: i32 = 4;
const ALIVE: i32 = 5;
const WEIGHT: i32 = 6;
const BIRTH: i32 = 7;
const CONTENDERS: i32 = 8;

/** out[j] = a draw of what DEPTH says, a lane after the other. */
export function discrete<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const key = keyOf(at, externals), site = load<u32>(at, DETAIL);
  for (let k = 0, width = load<i32>(at, WIDTH); k < width; ++k) {
    uniforms<T>(key, site + k, first, n);
    values<T>(at, k, n, <usize>load<u32>(at, OUT) + <usize>k * stride);
  }
}

/**
 * The same, and what a change of the parameters does: `bernoulliTriple` for any kind, or, SMOOTHED, the average of it.
 *
 * @param out  rows of the values, then rows of the jumps; weight, birth and contenders are changed
 */
export function discreteTriple<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const key = keyOf(at, externals), site = load<u32>(at, DETAIL), width = load<i32>(at, WIDTH) >> 1;
  for (let k = 0; k < width; ++k) {
    uniforms<T>(key, site + k, first, n);
    if (load<i32>(at, DEPTH) & BIRTHS) bits(key, (site + k) | WINS, first, n, WORDS);
    const out = <usize>load<u32>(at, OUT) + <usize>k * stride;
    values<T>(at, k, n, out);
    triplesOf(sizeof<T>(), at, k, n, <f64>site, out, out + <usize>width * stride);
  }
}

function uniforms<T>(key: usize, site: u32, first: i32, n: i32): void {
  begin(load<u32>(key), load<u32>(key, 4), site, chunkOf(key, first), SOURCE_OF_UNIFORMS);
  standard<T>(Noise.Uniform, n, SOURCE_OF_UNIFORMS, BITS);
}

/** Number `which` of the lane, entry k: of a row, or the one for all lanes. */
@inline
function read(size: i32, at: usize, which: i32, k: i32, lane: i32): f64 {
  return numberAt(size, operand(at, which) + <usize>k * stepOf(at, which), isSplat(at, which) ? 0 : lane);
}

@inline
function values<T>(at: usize, k: i32, n: i32, out: usize): void {
  const kind = load<i32>(at, DEPTH) >> 4 & 15;
  if (kind == Kind.Categorical) categories<T>(at, n, out);
  else if (kind == Kind.Bernoulli) for (let lane = 0; lane < n; ++lane) setAt(sizeof<T>(), out, lane, draw(kind, sizeof<T>(), at, k, lane, false));
  else countsOf(kind, sizeof<T>(), at, k, n, out);
}

/** Eight lanes at a time where they are ordinary. */
function countsOf(kind: i32, size: i32, at: usize, k: i32, n: i32, out: usize): void {
  const isBinomial = kind == Kind.Binomial;
  for (let lane = 0; lane < n; lane += 8) {
    gather(size, BITS, false, lane, UNIFORMS);
    gather(size, operand(at, THETA) + <usize>k * stepOf(at, THETA), isSplat(at, THETA), lane, THETAS);
    if (isBinomial) gather(size, operand(at, OTHER) + <usize>k * stepOf(at, OTHER), isSplat(at, OTHER), lane, TRIALS);
    if (kind == Kind.Geometric ? !areProbabilities() : !areNear(isBinomial)) {
      for (let one = lane, end = min(n, lane + 8); one < end; ++one) setAt(size, out, one, draw(kind, size, at, k, one, false));
      continue;
    }
    if (kind == Kind.Geometric) geometrics();
    else if (isBinomial) binomials();
    else poissons();
    scatter(size, out, lane);
  }
}

/** x of the lane's u; `changed`, of the parameters after their jumps. */
function draw(kind: i32, size: i32, at: usize, k: i32, lane: i32, changed: bool): f64 {
  const u = numberAt(size, BITS, lane);
  if (kind == Kind.Categorical) return category(size, at, lane, u, changed);
  let theta = read(size, at, THETA, k, lane);
  if (changed) theta += read(size, at, JUMP, k, lane);
  if (kind == Kind.Bernoulli) return u < theta ? 1 : 0;
  if (kind == Kind.Geometric) return geometric(u, theta);
  if (kind == Kind.Poisson) return poisson(u, theta);
  let other = read(size, at, OTHER, k, lane);
  if (changed) other += read(size, at, OTHER_JUMP, k, lane);
  return binomial(u, other, theta);
}

/** The first category whose probabilities add up to u; the last possible one if none does. */
function category(size: i32, at: usize, lane: i32, u: f64, changed: bool): f64 {
  let sum: f64 = 0, last = 0;
  for (let i = 0, categories = load<i32>(at, DEPTH) >> 8; i < categories; ++i) {
    const p = read(size, at, THETA, i, lane) + (changed ? read(size, at, JUMP, i, lane) : 0);
    if (!(p > 0)) continue;
    last = i;
    sum += p;
    if (u < sum) break;
  }
  return last;
}

// What a growth of the parameters gives birth to at x: up by RISE with weight UP, down by FALL with weight DOWN.
let up: f64 = 0;
let down: f64 = 0;
let rise: f64 = 1;
let fall: f64 = 1;

function births(kind: i32, size: i32, at: usize, k: i32, lane: i32, x: f64): void {
  up = 0; down = 0; rise = 1; fall = 1;
  if (kind == Kind.Categorical) return birthsOfCategories(size, at, lane, <i32>x);
  const p = read(size, at, THETA, k, lane), delta = read(size, at, DELTA, k, lane), more = delta > 0;
  if (delta == 0) return;
  if (kind == Kind.Bernoulli) {
    if (more && x == 0) up = delta / (1 - p);
    if (!more && x == 1) down = -delta / p;
  } else if (kind == Kind.Geometric) {
    if (more) down = delta * x / (p * (1 - p));
    else up = -delta * (x + 1) / p;
    if (x == 0) down = 0; // not 0 / 0 where p = 1
  } else if (kind == Kind.Poisson) {
    if (more) up = delta;
    else if (x > 0) down = -delta * x / p;
  } else {
    const left = read(size, at, OTHER, k, lane) - x;
    if (more && left > 0) up = delta * left / (1 - p);
    if (!more && x > 0) down = -delta * x / p;
  }
}

/** Where the sum of the changes up to x falls, mass goes from x to the next category; where the sum before x grows, to the one before. Impossible ones that stay so are passed over. */
function birthsOfCategories(size: i32, at: usize, lane: i32, x: i32): void {
  const categories = load<i32>(at, DEPTH) >> 8, p = read(size, at, THETA, x, lane);
  let before: f64 = 0;
  for (let i = 0; i < x; ++i) before += read(size, at, DELTA, i, lane);
  const upTo = before + read(size, at, DELTA, x, lane);
  let next = x + 1, previous = x - 1;
  while (next < categories && impossible(size, at, next, lane)) ++next;
  while (previous >= 0 && impossible(size, at, previous, lane)) --previous;
  if (upTo < 0 && next < categories) up = -upTo / p;
  if (before > 0 && previous >= 0) down = before / p;
  rise = next - x;
  fall = x - previous;
}

function impossible(size: i32, at: usize, i: i32, lane: i32): bool {
  return read(size, at, THETA, i, lane) == 0 && read(size, at, DELTA, i, lane) == 0;
}

function triplesOf(size: i32, at: usize, k: i32, n: i32, site: f64, out: usize, jumps: usize): void {
  const flags = load<i32>(at, DEPTH), kind = flags >> 4 & 15;
  for (let lane = 0; lane < n; ++lane) {
    const x = numberAt(size, out, lane);
    // Where an earlier entry of this draw has won the lane, the old jump is of no account.
    const old = numberAt(size, operand(at, BIRTH), lane) <= site;
    const moved = old && changes(size, at, kind, k, lane) ? draw(kind, size, at, k, lane, true) - x : 0;
    if (flags & BIRTHS) births(kind, size, at, k, lane, x);
    else { up = 0; down = 0; }
    if (flags & SMOOTHED) setAt(size, jumps, lane, rise * up - fall * down);
    else setAt(size, jumps, lane, contend(size, at, flags, lane, site + k + 1, moved));
  }
}

function changes(size: i32, at: usize, kind: i32, k: i32, lane: i32): bool {
  if (kind == Kind.Categorical) {
    for (let i = 0, categories = load<i32>(at, DEPTH) >> 8; i < categories; ++i) if (read(size, at, JUMP, i, lane) != 0) return true;
    return false;
  }
  return read(size, at, JUMP, k, lane) != 0 || (kind == Kind.Binomial && read(size, at, OTHER_JUMP, k, lane) != 0);
}

/** The jump that the lane is left with: `moved` of its old perturbation, or one that is born here and wins. */
function contend(size: i32, at: usize, flags: i32, lane: i32, birth: f64, moved: f64): f64 {
  const own = up + down;
  const lives = !(flags & FORGETS) || moved != 0 || read(size, at, ALIVE, 0, lane) != 0;
  let weight = lives ? numberAt(size, operand(at, WEIGHT), lane) : 0, wins: bool = false;
  const v = <f64>(load<u32>(WORDS + (<usize>lane << 2)) >>> 1) * 4.656612873077393e-10;
  if (flags & COUNTS) {
    let contenders = lives ? numberAt(size, operand(at, CONTENDERS), lane) : 0;
    if (own > 0) {
      const before = contenders++;
      wins = v * contenders < 1;
      weight = wins ? own * contenders : weight * (contenders / before);
    }
    setAt(size, operand(at, CONTENDERS), lane, contenders);
  } else {
    weight += own;
    wins = v * weight < own;
  }
  setAt(size, operand(at, WEIGHT), lane, weight);
  if (!wins) return moved;
  setAt(size, operand(at, BIRTH), lane, birth);
  // Of two ways at once, in proportion to their weights, by the part of v below own / weight.
  const share = flags & COUNTS ? v * numberAt(size, operand(at, CONTENDERS), lane) * own : v * weight;
  return share < up ? rise : -fall;
}

const SOURCE_OF_UNIFORMS = memory.data(SOURCE, 16);
