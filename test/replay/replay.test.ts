import { describe, expect, it } from "vitest";
import { key, replay, type Random, type Replayed, type ReplayParameters } from "../../src/index.ts";

/** Each number of the derivative within 4 of its standard errors. */
function agrees<P extends ReplayParameters>({ derivative, standardError }: Replayed<P>, exact: Readonly<Record<keyof P, number | readonly number[]>>): void {
  for (const [name, truth] of Object.entries(exact)) {
    const [seen, errors] = [derivative, standardError].map((record) => [record[name]!].flat()) as unknown as [number[], number[]];
    [truth as number | number[]].flat().forEach((own, i) => expect(Math.abs(seen[i]! - own), `${name}[${i}]: ${seen[i]} ± ${errors[i]}, exact ${own}`).toBeLessThan(4 * errors[i]! + 1e-7));
  }
}

const walk: Random<{ p: number }> = ({ p }, draw) => {
  let n = 0;
  for (let i = 1; i <= 100; i++) if (draw.bernoulli(p * (1 - (n + i) / 200))) n++;
  return n;
};

describe("the lecture's walk", () => {
  const samples = 20_000;
  const run = replay(walk, { p: 0.5 }, key(1), { samples });
  it("has its exact mean 32.6443, derivative 56.6079, and standard deviation 23.09 of one draw", () => {
    expect(Math.abs(run.value - 32.6443332858)).toBeLessThan(4 * run.valueStandardError);
    agrees(run, { p: 56.6078706263 });
    expect(Math.abs((run.standardError.p * Math.sqrt(samples)) / 23.09 - 1)).toBeLessThan(0.05);
    expect(run.runs).toBe(4 * samples + 1);
  });

  it("has less noise with more replays, and the same mean", () => {
    const more = replay(walk, { p: 0.5 }, key(2), { samples: 4000, replays: 8 });
    agrees(more, { p: 56.6078706263 });
    expect(more.standardError.p * Math.sqrt(4000)).toBeLessThan(22);
  });

  it("is the same for the same key", () => {
    expect(replay(walk, { p: 0.5 }, key(3), { samples: 50 })).toEqual(replay(walk, { p: 0.5 }, key(3), { samples: 50 }));
  });
});

it("StochasticAD's walk up and down: dE[X²]/dp = 7.558188194 at n = 50, p = 100", () => {
  const steps: Random<{ p: number }> = ({ p }, draw) => {
    let x = 0;
    for (let i = 0; i < 50; i++) x += draw.bernoulli(Math.exp(-x / p)) ? 1 : -1;
    return x * x;
  };
  const run = replay(steps, { p: 100 }, key(4), { samples: 8000 });
  agrees(run, { p: 7.558188194 });
  expect(Math.abs(run.value - 1130.39883)).toBeLessThan(4 * run.valueStandardError);
});

it("the crazy program: discrete draws, and a normal one that depends on them, 57.5 at p = ½ and 47.76 at 0.6", () => {
  const crazy: Random<{ p: number }> = ({ p }, draw) => {
    const a = p * (1 - p);
    const b = draw.binomial(10, p);
    const c = 2 * b + 3 * draw.bernoulli(p);
    return a * c * draw.normal(b, a);
  };
  agrees(replay(crazy, { p: 0.5 }, key(5), { samples: 20_000 }), { p: 57.5 });
  agrees(replay(crazy, { p: 0.6 }, key(6), { samples: 20_000 }), { p: 47.76 });
});

describe("draws that depend on draws", () => {
  it.each([0.3, 0.7])("Binomial(Binomial(10, p), p) has 20 p, at %d", (p) => {
    agrees(replay(({ p: q }: { p: number }, draw) => draw.binomial(draw.binomial(10, q), q), { p }, key(7), { samples: 8000 }), { p: 20 * p });
  });

  it("an array indexed by a choice: (3.5 + 5.2) / 2 − 8.4", () => {
    const f: Random<{ p: number }> = ({ p }, draw) => [3.5, 5.2, 8.4][draw.categorical([p / 2, p / 2, 1 - p])]!;
    agrees(replay(f, { p: 0.3 }, key(8), { samples: 4000 }), { p: -4.05 });
  });

  it("Poisson and geometric draws", () => {
    agrees(replay(({ rate }: { rate: number }, draw) => draw.poisson(rate) ** 2, { rate: 3 }, key(9), { samples: 8000 }), { rate: 2 * 3 + 1 });
    // E x = (1 − p) / p; of a Poisson variable with that mean, too
    agrees(replay(({ p }: { p: number }, draw) => draw.poisson(draw.geometric(p)), { p: 0.4 }, key(10), { samples: 8000 }), { p: -1 / 0.16 });
    agrees(replay(({ rate }: { rate: number }, draw) => draw.poisson(rate), { rate: 1000 }, key(11), { samples: 500 }), { rate: 1 });
  });

  it("several parameters, of which a draw takes one up and another down", () => {
    const f: Random<{ a: number; b: readonly number[] }> = ({ a, b }, draw) => {
      const x = draw.bernoulli(a * (1 - b[0]!));
      return x * b[1]! + 2 * draw.bernoulli(x ? b[0]! : a);
    };
    const [a, b0, b1] = [0.6, 0.3, 2];
    const q = a * (1 - b0);
    // E = q b₁ + 2 (q b₀ + (1 − q) a)
    const slope = (dq: number): number => dq * (b1 + 2 * (b0 - a));
    agrees(replay(f, { a, b: [b0, b1] }, key(12), { samples: 8000 }), { a: slope(1 - b0) + 2 * (1 - q), b: [slope(-a) + 2 * q, q] });
  });
});

describe("any JavaScript", () => {
  it("while, Maps, strings, sort and early returns: the gambler who stops", () => {
    // From 3 to 0 or 6 by steps up with probability p: P(6) = 1 / (1 + (q / p)³).
    const gambler: Random<{ p: number }> = ({ p }, draw) => {
      const visits = new Map<number, number>();
      let [at, path] = [3, ""];
      while (at > 0 && at < 6) {
        visits.set(at, (visits.get(at) ?? 0) + 1);
        const up = draw.bernoulli(p) === 1;
        path += up ? "+" : "-";
        at += up ? 1 : -1;
        if (path.length > 10_000) return -1;
      }
      const most = [...visits].sort(([, a], [, b]) => b - a)[0]!;
      return at === 6 && most[1] > 0 ? 1 : 0;
    };
    const won = (p: number): number => 1 / (1 + ((1 - p) / p) ** 3);
    agrees(replay(gambler, { p: 0.45 }, key(13), { samples: 12_000 }), { p: (won(0.45 + 1e-6) - won(0.45 - 1e-6)) / 2e-6 });
  });

  it("StochasticAD's game of life: 12.655 cells, 39.997 at p = ½", () => {
    const run = replay(life, { p: 0.5 }, key(14), { samples: 6000 });
    expect(Math.abs(run.derivative.p - 39.997)).toBeLessThan(4 * Math.hypot(run.standardError.p, 0.039));
    expect(Math.abs(run.value - 12.655)).toBeLessThan(4 * run.valueStandardError + 0.005);
  });

  it("at the end of a range, from the inside: the same number, as for probabilities of 0 and 1", () => {
    const of = (random: Random<{ p: number }>, p: number, exact: number) => agrees(replay(random, { p }, key(19), { samples: 2000 }), { p: exact });
    of(({ p }, draw) => draw.bernoulli(p), 1, 1);
    of(({ p }, draw) => draw.bernoulli(1 - p), 1, -1);
    of(({ p }, draw) => draw.binomial(5, p) ** 2, 1, 45);
    of(({ p }, draw) => draw.binomial(5, 1 - p) ** 2, 0, -45);
    of(({ p }, draw) => draw.geometric(p), 1, -1);
    of(({ p }, draw) => draw.poisson(-p), 0, -1);
  });

  it("continuous draws are moved along: E x² of N(m, s²), of an interval, of a waiting time", () => {
    agrees(replay(({ m, s }: { m: number; s: number }, draw) => draw.normal(m, s) ** 2, { m: 0.5, s: 2 }, key(15), { samples: 4000 }), { m: 1, s: 4 });
    agrees(replay(({ b }: { b: number }, draw) => draw.uniform(-1, b) ** 2, { b: 2 }, key(16), { samples: 4000 }), { b: (2 * 2 - 1) / 3 });
    agrees(replay(({ r }: { r: number }, draw) => draw.exponential(r), { r: 0.5 }, key(17), { samples: 4000 }), { r: -4 });
  });

  it("long runs go on in streams of their own", () => {
    const long: Random<{ p: number }> = ({ p }, draw) => {
      let sum = 0;
      for (let i = 0; i < 700; i++) sum += draw.bernoulli(p);
      for (let i = 0; i < 300; i++) sum += draw.normal(p, 1);
      return sum;
    };
    agrees(replay(long, { p: 0.3 }, key(18), { samples: 300 }), { p: 1000 });
  });
});

/** Alive at first with probability p, 7 × 7 cells, three turns; each turn a cell with so many of four neighbours alive is born or dies by chance. */
const life: Random<{ p: number }> = ({ p }, draw) => {
  const side = 7;
  const [born, dies] = [[0.1, 0.1, 0.1, 0.9, 0.1], [0.9, 0.9, 0.1, 0.1, 0.9]];
  let cells = Array.from({ length: side }, () => Array.from({ length: side }, () => draw.bernoulli(p)));
  for (let turn = 0; turn < 3; turn++) {
    cells = cells.map((row, i) =>
      row.map((cell, j) => {
        const around = [[i - 1, j], [i + 1, j], [i, j - 1], [i, j + 1]].reduce((sum, [a, b]) => sum + (cells[a!]?.[b!] ?? 0), 0);
        return draw.bernoulli((cell ? dies : born)[around]!) ? 1 - cell : cell;
      }),
    );
  }
  return cells.flat().reduce((sum, cell) => sum + cell, 0);
};

describe("what replay refuses", () => {
  const loose = replay as (...given: unknown[]) => unknown;
  const options = { samples: 4 };
  it.each<[string, () => unknown, string]>([
    ["what is no function", () => loose(3, { p: 1 }, key(1), options), 'replay: "random" expected a function of parameters and draws, got 3'],
    ["parameters that are not numbers", () => loose(walk, { p: "½" }, key(1), options), 'replay: "parameters.p" expected a finite number, got "½"'],
    ["one sample", () => replay(walk, { p: 0.5 }, key(1), { samples: 1 }), 'replay: "samples" expected integer >= 2, got 1'],
    ["a probability that is none", () => replay(({ p }: { p: number }, draw) => draw.bernoulli(p), { p: 1.5 }, key(1), options), "replay: draw.bernoulli expected a probability in [0, 1], got 1.5"],
    ["probabilities that do not sum to 1", () => replay(({ p }: { p: number }, draw) => draw.categorical([p, p]), { p: 0.4 }, key(1), options), "replay: draw.categorical expected probabilities that sum to 1, got 0.4, 0.4"],
    ["a result that is no number", () => loose(() => "x", { p: 1 }, key(1), options), 'replay: "random" expected to return a number, got "x"'],
    ["a result that is not finite", () => replay(() => Number.NaN, { p: 1 }, key(1), options), 'replay: "random" expected to return a finite number, got NaN'],
    ["a misspelt option", () => loose(walk, { p: 0.5 }, key(1), { sample: 3 }), 'replay: "sample" expected no such option, got 3. Known: samples, replays, step.'],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  it("a jump that no draw shows, but no curve and no kink", () => {
    const at = (f: (p: number) => number, p: number) => replay(({ p: own }: { p: number }) => f(own), { p }, key(1), options).derivative.p;
    expect(() => at((p) => (p > 0.5 ? 1 : 0), 0.5)).toThrow("replay: the function jumps within 0.00001 of p = 0.5, with the same draws: from 0 by 0 to 1. Draw what it decides");
    expect(() => at((p) => 5 + Math.round(p + 0.000007), 0.5)).toThrow(/^replay: the function jumps within/);
    expect(() => replay(({ p }: { p: number }, draw) => (draw.normal(p, 1) > 0 ? 1 : 0), { p: 0.3 }, key(1), { samples: 200_000 })).toThrow(/^replay: the function jumps within/);
    expect(at((p) => 1e10 * p * p, 0)).toBe(0);
    expect(at(Math.abs, 0)).toBe(0);
    expect(at((p) => Math.exp(3000 * p), 0) / 3000).toBeCloseTo(1, 3);
  });

  it("random numbers from elsewhere, and memory of earlier runs", () => {
    let calls = 0;
    expect(() => replay(({ p }: { p: number }, draw) => draw.bernoulli(p) + calls++, { p: 0.5 }, key(1), options)).toThrow(/^replay: the function returned \d+, and \d+ when it ran again with the same draws\. Draw from its second argument alone/);
  });

  it("a way that turns where a parameter moves", () => {
    const turning: Random<{ p: number }> = ({ p }, draw) => (p > 0.5 ? draw.bernoulli(0.3) : 0);
    expect(() => replay(turning, { p: 0.5 }, key(1), options)).toThrow(/^replay: the function took another way when p moved from 0\.5 to 0\.50001\./);
  });

  it("lets out what the function throws", () => {
    expect(() => replay(() => { throw new Error("lost"); }, { p: 1 }, key(1), options)).toThrow("lost");
  });
});
