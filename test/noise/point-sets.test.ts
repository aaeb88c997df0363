import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import { region } from "../../src/core/region.ts";
import { antithetic, halton, type Noise, sobol, stratified } from "../../src/index.ts";
import { cellsOf } from "../../src/noise/sobol.ts";
import { moments, within } from "../laws/numbers.ts";
import { stream, testCore } from "../laws/stage.ts";

/** The points of some sets: set, point, coordinate. */
function pointsOf(noise: Noise, sets: number, dims: number, { seed = 1, site = 0, precision = "f64" as Precision } = {}): number[][][] {
  const block = region(testCore(), precision);
  const bound = noise.bind({ region: block, sets, dims });
  const out = block.reserve(noise.points * sets * dims);
  block.allocate("test");
  bound.begin?.();
  bound.fill(testCore().kernels[precision], stream(seed, site), out.at);
  const all = out.view().slice();
  block.free();
  return Array.from({ length: sets }, (_, r) =>
    Array.from({ length: noise.points }, (_, i) => Array.from({ length: dims }, (_, j) => all[(i * sets + r) * dims + j]!)));
}

const kinds = [
  ["antithetic", antithetic()], ["stratified of 7", stratified({ points: 7 })], ["stratified of 64", stratified({ points: 64 })], ["sobol of 2", sobol({ points: 2 })],
  ["sobol of 64", sobol({ points: 64 })], ["halton of 10", halton({ points: 10 })], ["halton of 64", halton({ points: 64 })],
] as const;

describe.each(kinds)("%s", (_, noise) => {
  it.each(["f64", "f32"] as const)("has uniform points of the grid in (0, 1), in %s", (precision) => {
    const sets = 4000;
    const grid = 2 ** (precision === "f64" ? 53 : 24);
    const all = pointsOf(noise, sets, 3, { precision });
    for (const point of [0, noise.points - 1]) {
      for (let j = 0; j < 3; j++) {
        const own = all.map((set) => set[point]![j]!);
        for (const u of own) expect(u > 0 && u < 1 && (u * grid) % 2 === 1).toBe(true);
        const { mean, meanError, variance, varianceError } = moments(own);
        within(mean, 0.5, meanError, 4.5, "mean");
        within(variance, 1 / 12, varianceError, 4.5, "variance");
        const eighths = new Float64Array(8);
        for (const u of own) eighths[Math.floor(8 * u)]! += 1;
        const chi = eighths.reduce((sum, n) => sum + (n - sets / 8) ** 2 / (sets / 8), 0);
        within(chi, 7, Math.sqrt(14), 5, "χ² of eighths");
        const fine = moments(own.map((u) => (u * 4096) % 1)); // and below the digits that tell points apart
        within(fine.mean, 0.5, fine.meanError, 4.5, "mean of the lower digits");
      }
    }
  });

  it("is a function of key, site and set alone; sets are independent", () => {
    const some = pointsOf(noise, 3, 2);
    expect(pointsOf(noise, 8, 2).slice(0, 3)).toEqual(some);
    expect(pointsOf(noise, 3, 2, { seed: 2 })).not.toEqual(some);
    expect(pointsOf(noise, 3, 2, { site: 1 })).not.toEqual(some);
    const firsts = pointsOf(noise, 4000, 2).map((set) => set[0]!);
    const products = firsts.map(([a, b], r) => [(a! - 0.5) * (b! - 0.5), (a! - 0.5) * (firsts[(r + 1) % 4000]![0]! - 0.5)]);
    for (const part of [0, 1]) {
      const { mean, meanError } = moments(products.map((product) => product[part]!));
      within(mean, 0, meanError, 4.5, "covariance");
    }
  });
});

describe("pairs", () => {
  it("add up to 1, exactly", () => {
    for (const precision of ["f64", "f32"] as const) {
      for (const [u, v] of pointsOf(antithetic(), 100, 5, { precision })) u!.forEach((one, j) => expect(one + v![j]!).toBe(1));
    }
  });
});

describe("Latin hypercubes", () => {
  it.each([2, 3, 17, 1000])("have one of %i points in each interval of each coordinate, in orders that differ", (points) => {
    const [first, second] = pointsOf(stratified({ points }), 2, 4) as [number[][], number[][]];
    const orders = [first, second].flatMap((set) => [0, 1, 2, 3].map((j) => set.map((u) => Math.floor(points * u[j]!))));
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: points }, (_, k) => k));
    if (points > 10) expect(new Set(orders.map(String)).size).toBe(8);
  });
});

describe("Sobol' points", () => {
  it("are those of SciPy in 256 coordinates, unscrambled", () => {
    const { bits, points } = JSON.parse(readFileSync("test/vectors/sobol.json", "utf8")) as { bits: number; points: Record<string, number[]> };
    const cells = cellsOf(256, bits);
    for (const [point, own] of Object.entries(points)) expect(own.map((_, j) => cells[j * 2 ** bits + Number(point)])).toEqual(own);
  });

  it("have every elementary interval of two coordinates hit once, after scrambling too", () => {
    const bits = 8;
    const [set] = pointsOf(sobol({ points: 2 ** bits }), 1, 2) as [number[][]];
    for (let a = 0; a <= bits; a++) {
      const hit = new Set(set.map(([u, v]) => `${Math.floor(u! * 2 ** a)} ${Math.floor(v! * 2 ** (bits - a))}`));
      expect(hit.size).toBe(2 ** bits);
    }
  });

  it("have one point in each of 2ᵐ intervals, in each of 256 coordinates and in f32", () => {
    for (const precision of ["f64", "f32"] as const) {
      const [set] = pointsOf(sobol({ points: 128 }), 1, 256, { precision }) as [number[][]];
      for (let j = 0; j < 256; j++) expect(new Set(set.map((u) => Math.floor(128 * u[j]!))).size).toBe(128);
    }
  });

  it("are scrambled by nested flips: points that share d digits share d digits after, and then part where they parted", () => {
    const bits = 6;
    const cells = cellsOf(1, bits);
    for (const set of pointsOf(sobol({ points: 2 ** bits }), 5, 1)) {
      const after = set.map(([u]) => Math.floor(u! * 2 ** bits));
      for (let i = 0; i < 2 ** bits; i++) for (let k = 0; k < i; k++) expect(Math.clz32(after[i]! ^ after[k]!)).toBe(Math.clz32(cells[i]! ^ cells[k]!));
    }
  });

  it("are as many as a power of two, of up to 256 coordinates", () => {
    expect(() => sobol({ points: 100 })).toThrow('sobol: "points" expected a power of two, got 100. Other numbers of points are not balanced.');
    expect(() => pointsOf(sobol({ points: 4 }), 1, 257)).toThrow('sobol: "the uniforms of one draw" expected at most 256, got 257. Use halton(), or stratified().');
  });
});

describe("Halton points", () => {
  it("have the first bᵏ points of each coordinate in bᵏ different intervals, b its prime", () => {
    const [set] = pointsOf(halton({ points: 250 }), 1, 4) as [number[][]];
    for (const [j, base] of [2, 3, 5, 7].entries()) {
      for (let count = base; count <= 250; count *= base) expect(new Set(set.slice(0, count).map((u) => Math.floor(count * u[j]! + 1e-12))).size).toBe(count);
    }
  });
});

it.each<[string, () => unknown, string]>([
  ["no points", () => stratified({} as never), 'stratified: "points" expected integer'],
  ["one point", () => halton({ points: 1 }), 'halton: "points" expected integer'],
  ["too many", () => sobol({ points: 2 ** 17 }), 'sobol: "points" expected integer'],
])("%s is refused", (_, run, message) => expect(run).toThrow(message));
