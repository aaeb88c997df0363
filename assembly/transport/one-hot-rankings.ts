import { part, Part } from "../distributions/plackett-luce";
import { harden as sorted } from "../distributions/rankings";
import { span } from "../lanes";
import { expOne, log64 } from "../math/once";
import { largestOf, numberAt, setAt } from "../memory";
import { PAGE } from "../pages";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { weight } from "./relaxed-ranking";

/**
 * Rankings as matrices, x[k, i] = 1 if item i has rank k, by way of orders, the items from the first on; and the latent of `relaxed-ranking.ts`
 * given x.
 *
 * exp(−v) of v = logit + Gumbel noise is the arrival of an item in a race, exponential with rate w = exp(logit). Given the order, the time between two
 * arrivals is exponential with rate Sₖ, the sum of the rates of all that are still to come: Tₖ = Σ_{i ≤ k} Eᵢ / Sᵢ, and v of rank k is −log Tₖ (Yellott
 * 1977). So z̃ has a path: with aᵢ = (Tᵢ − Tᵢ₋₁) / Sᵢ, ∂v of rank k by the logit of an item of rank r is w / Tₖ · Σ_{i ≤ min(k, r)} aᵢ.
 */

/** orders[r, k] = the item of rank k, −1 unless there is a single one; T[rows, n] from T[rows, n, n]. */
export function orders<T>(rows: i32, n: i32, x: usize, orders: usize): void {
  ordersOf(sizeof<T>(), rows * n, n, x, orders);
}

function ordersOf(size: i32, ranks: i32, n: i32, x: usize, orders: usize): void {
  for (let k = 0; k < ranks; ++k) setAt(size, orders, k, <f64>itemOf(size, n, x + <usize>(k * n * size)));
}

/** The item of a rank, −1 unless its row is one of a one-hot matrix. */
function itemOf(size: i32, n: i32, row: usize): i32 {
  let found = -1, ones = 0;
  for (let i = 0; i < n; ++i) {
    const own = numberAt(size, row, i);
    if (own == 1) found = i;
    if (own != 0) ++ones;
  }
  return ones == 1 ? found : -1;
}

/** The matrices of orders, T[rows, n, n], in place of the orders, T[rows, n]. */
export function matrices<T>(rows: i32, n: i32, x: usize): void {
  // From the last on: the orders of the rows before lie where none has been written yet.
  for (let r = rows - 1; r >= 0; --r) matrix<T>(n, x + span<T>(r * n), x + span<T>(r * n * n));
}

/** Keeps the order in the last row, which is written last. */
function matrix<T>(n: i32, order: usize, x: usize): void {
  const kept = x + span<T>(n * n - n);
  memory.copy(kept, order, span<T>(n));
  memory.fill(x, 0, span<T>(n * n - n));
  for (let k = 0; k < n - 1; ++k) store<T>(x + span<T>(k * n + <i32>load<T>(kept + span<T>(k))), 1);
  const last = <i32>load<T>(kept + span<T>(n - 1));
  memory.fill(kept, 0, span<T>(n));
  store<T>(kept + span<T>(last), 1);
}

/** x = the order of a latent: that of its row of rank 0, whose ρ is 1. T[rows, n, n]; one may be the other. */
export function harden<T>(rows: i32, n: i32, z: usize, x: usize): void {
  for (; rows > 0; --rows, z += span<T>(n * n), x += span<T>(n * n)) {
    const order = x + span<T>(n * n - n);
    sorted<T>(1, n, z, order);
    matrix<T>(n, order, x);
  }
}

/** Rows of f64 in the room that the kernels below take. */
const enum Room { Order, Rate, Left, Share, Tail, End }

@inline
function roomOf(room: usize, which: Room, n: i32): usize {
  return room + (<usize>(<i32>which * n) << 3);
}

/** The order of one row, the rates of its items from the first on, and Sₖ. */
function begun(size: i32, n: i32, weights: usize, x: usize, room: usize): void {
  const order = roomOf(room, Room.Order, n), rate = roomOf(room, Room.Rate, n), left = roomOf(room, Room.Left, n);
  let sum: f64 = 0;
  for (let k = n - 1; k >= 0; --k) {
    const item = max(0, itemOf(size, n, x + <usize>(k * n * size))), own = max(numberAt(8, weights, item), TINY);
    setAt(8, order, k, <f64>item);
    setAt(8, rate, k, own);
    setAt(8, left, k, (sum += own));
  }
}

const TINY: f64 = 1e-280;

@inline
function item(room: usize, n: i32, k: i32): i32 {
  return <i32>numberAt(8, roomOf(room, Room.Order, n), k);
}

/** What w leaves out of the logits: their largest. */
@inline
function gauge(size: i32, batch: i32, b: i32, n: i32, theta: usize, logits: usize): f64 {
  const logs = size == 4 ? part<f32>(theta, Part.Logs, batch, n) : part<f64>(theta, Part.Logs, batch, n);
  return numberAt(size, logits, b * n) - numberAt(8, logs, b * n);
}

@inline
function weightsOf(size: i32, batch: i32, b: i32, n: i32, theta: usize): usize {
  return (size == 4 ? part<f32>(theta, Part.Weights, batch, n) : part<f64>(theta, Part.Weights, batch, n)) + (<usize>(b * n) << 3);
}

/**
 * z̃ given x.
 *
 * @param theta   as Plackett–Luce's `prepare` writes it; here as in all kernels below
 * @param logits  T[batch, n], as they were given
 * @param room    f64[5, n]
 * @param x  T[rows, n, n]
 * @param z  T[rows, n, n], written
 */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, n: i32, theta: usize, logits: usize, x: usize, room: usize, z: usize): void {
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const count = min(left, CHUNK), first = <i32>(<u64>chunk * CHUNK % batch), width = span<T>(n * n);
    begin(low, high, site, chunk, NOISE);
    for (let from = 0; from < count * n; from += PAGE) standard<T>(Noise.Exponential, min(count * n - from, PAGE), NOISE, z + span<T>(from));
    // The noise of all rows lies where the first of them go: from the last on, none is overwritten that is still to be read.
    for (let r = count - 1; r >= 0; --r) drawOf(sizeof<T>(), batch, (first + r) % batch, n, theta, logits, x + <usize>r * width, z + span<T>(r * n), room, z + <usize>r * width);
    x += <usize>count * width;
    z += <usize>count * width;
  }
}

function drawOf(size: i32, batch: i32, b: i32, n: i32, theta: usize, logits: usize, x: usize, noise: usize, room: usize, z: usize): void {
  begun(size, n, weightsOf(size, batch, b, n, theta), x, room);
  const from = gauge(size, batch, b, n, theta, logits), left = roomOf(room, Room.Left, n), v = roomOf(room, Room.Tail, n);
  const most = largestOf(size);
  for (let k = 0, time: f64 = 0; k < n; ++k) {
    time += numberAt(size, noise, k) / numberAt(8, left, k);
    setAt(8, v, item(room, n, k), max(-most, from - log64x(time)));
  }
  for (let k = n - 1; k >= 0; --k) {
    const by = weight(k, n);
    for (let i = 0; i < n; ++i) setAt(size, z, k * n + i, by * numberAt(8, v, i));
  }
}

@inline
function log64x(x: f64): f64 {
  return f64x2.extract_lane(log64(f64x2.splat(x)), 0);
}

/** aᵢ and Tᵢ of one row from its latent, into Share and Left (which has Sᵢ). */
function raced(size: i32, n: i32, from: f64, z: usize, room: usize): void {
  const left = roomOf(room, Room.Left, n), share = roomOf(room, Room.Share, n);
  for (let k = 0, before: f64 = 0; k < n; ++k) {
    const time = max(before, expOne(from - numberAt(size, z, item(room, n, k))));
    setAt(8, share, k, (time - before) / numberAt(8, left, k));
    setAt(8, left, k, max(time, TINY));
    before = time;
  }
}

/** terms += (∂z̃/∂logits)ᵀ cotangent; T[rows, n] and T[rows, n, n]. */
export function pull<T>(rows: i32, batch: i32, n: i32, theta: usize, logits: usize, x: usize, z: usize, cotangent: usize, room: usize, terms: usize): void {
  const width = span<T>(n * n);
  for (let r = 0, b = 0; r < rows; ++r, x += width, z += width, cotangent += width, terms += span<T>(n)) {
    pullOf(sizeof<T>(), batch, b, n, theta, logits, x, z, cotangent, room, terms);
    if (++b == batch) b = 0;
  }
}

function pullOf(size: i32, batch: i32, b: i32, n: i32, theta: usize, logits: usize, x: usize, z: usize, cotangent: usize, room: usize, terms: usize): void {
  begun(size, n, weightsOf(size, batch, b, n, theta), x, room);
  raced(size, n, gauge(size, batch, b, n, theta, logits), z, room);
  const time = roomOf(room, Room.Left, n), share = roomOf(room, Room.Share, n), tail = roomOf(room, Room.Tail, n);
  for (let k = n - 1, sum: f64 = 0; k >= 0; --k) {
    let own: f64 = 0;
    for (let place = 0, i = item(room, n, k); place < n; ++place) own += weight(place, n) * numberAt(size, cotangent, place * n + i);
    setAt(8, tail, k, (sum += own / numberAt(8, time, k)));
  }
  for (let k = 0, sum: f64 = 0; k < n; ++k) {
    sum += numberAt(8, share, k) * numberAt(8, tail, k);
    const i = item(room, n, k);
    setAt(size, terms, i, numberAt(size, terms, i) + numberAt(8, roomOf(room, Room.Rate, n), k) * sum);
  }
}

/** out = (∂z̃/∂logits) tangent; T[rows, n, n], written, and T[rows, n]. */
export function push<T>(rows: i32, batch: i32, n: i32, theta: usize, logits: usize, x: usize, z: usize, tangent: usize, room: usize, out: usize): void {
  const width = span<T>(n * n);
  for (let r = 0, b = 0; r < rows; ++r, x += width, z += width, tangent += span<T>(n), out += width) {
    pushOf(sizeof<T>(), batch, b, n, theta, logits, x, z, tangent, room, out);
    if (++b == batch) b = 0;
  }
}

function pushOf(size: i32, batch: i32, b: i32, n: i32, theta: usize, logits: usize, x: usize, z: usize, tangent: usize, room: usize, out: usize): void {
  begun(size, n, weightsOf(size, batch, b, n, theta), x, room);
  raced(size, n, gauge(size, batch, b, n, theta, logits), z, room);
  const time = roomOf(room, Room.Left, n), share = roomOf(room, Room.Share, n), tail = roomOf(room, Room.Tail, n), rate = roomOf(room, Room.Rate, n);
  for (let k = n - 1, sum: f64 = 0; k >= 0; --k) setAt(8, tail, k, (sum += numberAt(8, rate, k) * numberAt(size, tangent, item(room, n, k))));
  for (let k = 0, sum: f64 = 0; k < n; ++k) {
    sum += numberAt(8, share, k) * numberAt(8, tail, k);
    const own = sum / numberAt(8, time, k), i = item(room, n, k);
    for (let place = 0; place < n; ++place) setAt(size, out, place * n + i, weight(place, n) * own);
  }
}

const NOISE = memory.data(SOURCE, 16);
