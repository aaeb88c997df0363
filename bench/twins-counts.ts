/** Draws and densities of counts and rankings in plain TypeScript, each a loop of its own with the generator in reach: see bench/twins.ts. */
import type { Floats } from "./case.ts";
import { unit } from "./random.ts";

const SMALL = Float64Array.from({ length: 16 }, (_, k) => { let log = 0; for (let i = 2; i <= k; i++) log += Math.log(i); return log; });

/** log k! by a table, and Stirling's series beyond it. */
export function logFactorial(k: number): number {
  if (k < 16) return SMALL[k]!;
  const y = 1 / (k * k);
  return (k + 0.5) * Math.log(k) - k + 0.9189385332046728 + (1 / 12 - y * (1 / 360 - y / 1260)) / k;
}

/** Poisson draws by inversion, the first terms at hand. */
export function smallPoissons(rates: Floats, x: Floats): void {
  const first = Float64Array.from(rates, (r) => Math.exp(-r));
  for (let i = 0, j = 0; i < x.length; i++) {
    const [rate, u] = [rates[j]!, unit()];
    let [k, p] = [0, first[j]!];
    for (let sum = p; sum <= u && p > 1e-17; sum += p) p *= rate / ++k;
    x[i] = k;
    if (++j === rates.length) j = 0;
  }
}

interface Hat { readonly a: Float64Array; readonly b: Float64Array; readonly c: Float64Array; readonly squeeze: Float64Array; readonly level: Float64Array }

/** PTRS, its constants at hand. */
export function poissons(rates: Floats, x: Floats): void {
  const b = Float64Array.from(rates, (r) => 0.931 + 2.53 * Math.sqrt(r));
  const hat: Hat = { a: b.map((v) => -0.059 + 0.02483 * v), b, c: Float64Array.from(rates, (r) => r + 0.43), squeeze: b.map((v) => 0.9277 - 3.6224 / (v - 2)), level: b.map((v) => Math.log(1.1239 + 1.1328 / (v - 3.4))) };
  const logs = Float64Array.from(rates, Math.log);
  for (let i = 0, j = 0; i < x.length; i++) {
    for (;;) {
      const [u, v] = [unit() - 0.5, unit()];
      const rim = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * hat.a[j]!) / rim + hat.b[j]!) * u + hat.c[j]!);
      if ((rim >= 0.07 && v <= hat.squeeze[j]!) || (k >= 0 && (rim >= 0.013 || v <= rim) && Math.log(v / (hat.a[j]! / (rim * rim) + hat.b[j]!)) + hat.level[j]! <= k * logs[j]! - rates[j]! - logFactorial(k))) {
        x[i] = k;
        break;
      }
    }
    if (++j === rates.length) j = 0;
  }
}

/** Binomial draws by inversion, the first terms at hand; p at most ½. */
export function smallBinomials(n: number, probs: Floats, x: Floats): void {
  const first = Float64Array.from(probs, (p) => (1 - p) ** n);
  const odds = Float64Array.from(probs, (p) => p / (1 - p));
  for (let i = 0, j = 0; i < x.length; i++) {
    const u = unit();
    let [k, p] = [0, first[j]!];
    for (let sum = p; sum <= u && k < n; sum += p) p *= (odds[j]! * (n - k)) / ++k;
    x[i] = k;
    if (++j === probs.length) j = 0;
  }
}

/** BTRS, its constants at hand; p at most ½. */
export function binomials(n: number, probs: Floats, x: Floats): void {
  const spread = Float64Array.from(probs, (p) => Math.sqrt(n * p * (1 - p)));
  const b = spread.map((s) => 1.15 + 2.53 * s);
  const modes = Float64Array.from(probs, (p) => Math.floor((n + 1) * p));
  const odds = Float64Array.from(probs, (p) => Math.log(p / (1 - p)));
  const hat: Hat = { a: b.map((v, j) => -0.0873 + 0.0248 * v + 0.01 * probs[j]!), b, c: Float64Array.from(probs, (p) => n * p + 0.5), squeeze: b.map((v) => 0.92 - 4.2 / v), level: b.map((v, j) => Math.log((2.83 + 5.1 / v) * spread[j]!) - logFactorial(modes[j]!) - logFactorial(n - modes[j]!) + modes[j]! * odds[j]!) };
  for (let i = 0, j = 0; i < x.length; i++) {
    for (;;) {
      const [u, v] = [unit() - 0.5, unit()];
      const rim = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * hat.a[j]!) / rim + hat.b[j]!) * u + hat.c[j]!);
      if ((rim >= 0.07 && v <= hat.squeeze[j]!) || (k >= 0 && k <= n && Math.log(v / (hat.a[j]! / (rim * rim) + hat.b[j]!)) + hat.level[j]! <= k * odds[j]! - logFactorial(k) - logFactorial(n - k))) {
        x[i] = k;
        break;
      }
    }
    if (++j === probs.length) j = 0;
  }
}

export function geometrics(probs: Floats, x: Floats): void {
  const scale = Float64Array.from(probs, (p) => 1 / Math.log1p(-p));
  for (let i = 0, j = 0; i < x.length; i++) {
    x[i] = Math.floor(Math.log(unit()) * scale[j]!);
    if (++j === probs.length) j = 0;
  }
}

/** A normal draw by the polar method, the second of a pair thrown away. */
function normal(): number {
  for (;;) {
    const [u, v] = [2 * unit() - 1, 2 * unit() - 1];
    const s = u * u + v * v;
    if (s < 1 && s > 0) return u * Math.sqrt((-2 * Math.log(s)) / s);
  }
}

/** One Poisson draw, its constants computed for it. */
function poisson(rate: number): number {
  if (rate < 10) {
    const u = unit();
    let [k, p] = [0, Math.exp(-rate)];
    for (let sum = p; sum <= u && p > 1e-17; sum += p) p *= rate / ++k;
    return k;
  }
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const [u, v] = [unit() - 0.5, unit()];
    const rim = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / rim + b) * u + rate + 0.43);
    if (rim >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (rim < 0.013 && v > rim)) continue;
    if (Math.log((v * (1.1239 + 1.1328 / (b - 3.4))) / (a / (rim * rim) + b)) <= k * Math.log(rate) - rate - logFactorial(k)) return k;
  }
}

/** One binomial draw, its constants computed for it; p at most ½. */
function binomial(n: number, p: number): number {
  if (n * p < 10) {
    const [u, odds] = [unit(), p / (1 - p)];
    let [k, term] = [0, (1 - p) ** n];
    for (let sum = term; sum <= u && k < n; sum += term) term *= (odds * (n - k)) / ++k;
    return k;
  }
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const [u, v] = [unit() - 0.5, unit()];
    const rim = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / rim + b) * u + n * p + 0.5);
    if (rim >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    const [mode, odds] = [Math.floor((n + 1) * p), Math.log(p / (1 - p))];
    const log = logFactorial(mode) + logFactorial(n - mode) - logFactorial(k) - logFactorial(n - k) + (k - mode) * odds;
    if (Math.log((v * (2.83 + 5.1 / b) * deviation) / (a / (rim * rim) + b)) <= log) return k;
  }
}

/** Poisson counts of gamma rates, shapes above 1. */
export function negativeBinomials(shapes: Floats, odds: Floats, x: Floats): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    const d = shapes[j]! - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = normal();
      const w = 1 + c * z;
      const v = w * w * w;
      if (v <= 0 || Math.log(unit()) >= 0.5 * z * z + d * (1 - v + Math.log(v))) continue;
      x[i] = poisson(d * v * odds[j]!);
      break;
    }
    if (++j === shapes.length) j = 0;
  }
}

/** Binomial counts of the trials that are left. */
export function multinomials(n: number, probs: Floats, x: Floats): void {
  const last = probs.length - 1;
  for (let row = 0; row < x.length; row += probs.length) {
    let [left, all] = [n, 1];
    for (let k = 0; k < last; k++) {
      const share = Math.min(1, probs[k]! / all);
      const drawn = share > 0.5 ? left - binomial(left, 1 - share) : binomial(left, share);
      x[row + k] = drawn;
      left -= drawn;
      all -= probs[k]!;
    }
    x[row + last] = left;
  }
}

/** Items by falling logits and Gumbel noise. */
export function rankings(logits: Floats, x: Floats): void {
  const n = logits.length;
  const [z, items] = [new Float64Array(n), new Int32Array(n)];
  for (let row = 0; row < x.length; row += n) {
    for (let i = 0; i < n; i++) {
      z[i] = logits[i]! - Math.log(-Math.log(unit()));
      let at = i;
      for (; at > 0 && z[items[at - 1]!]! < z[i]!; at--) items[at] = items[at - 1]!;
      items[at] = i;
    }
    for (let i = 0; i < n; i++) x[row + i] = items[i]!;
  }
}

/** ∂ log p/∂logits of rankings, from weights exp(logits), added. */
export function scoreRankings(weights: Floats, x: Floats, coefficient: Floats, terms: Floats): void {
  const n = weights.length;
  const sums = new Float64Array(n);
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    let sum = 0;
    for (let i = n - 1; i >= 0; i--) sums[i] = sum += weights[x[row + i]!]!;
    let shares = 0;
    for (let i = 0; i < n; i++) {
      shares += 1 / sums[i]!;
      terms[row + x[row + i]!]! += coefficient[r]! * (1 - weights[x[row + i]!]! * shares);
    }
  }
}

/** log p of relaxed choices. */
export function relaxedChoices(logProbs: Floats, temperature: number, y: Floats, out: Floats): void {
  const k = logProbs.length;
  const a = new Float64Array(k);
  const norm = logFactorial(k - 1) + (k - 1) * Math.log(temperature);
  for (let r = 0, row = 0; r < out.length; r++, row += k) {
    let [most, sum, total] = [-Infinity, norm, 0];
    for (let i = 0; i < k; i++) {
      const log = Math.log(y[row + i]!);
      a[i] = logProbs[i]! - temperature * log;
      sum += a[i]! - log;
      if (a[i]! > most) most = a[i]!;
    }
    for (let i = 0; i < k; i++) total += Math.exp(a[i]! - most);
    out[r] = sum - k * (most + Math.log(total));
  }
}
