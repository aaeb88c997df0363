import { expect } from "vitest";
import { type Draw, enumerate, type ForDraws, type Node, program, type Program } from "../../src/index.ts";

/** A small stochastic computation graph with parameters `a` (3 numbers) and `b` (2), and its expectation by enumeration and quadrature. */
export interface Graph {
  readonly body: (names: { readonly a: Node; readonly b: Node }, draw: Draw, by: readonly (ForDraws<never> | undefined)[]) => Node;
  readonly expectation: (a: readonly number[], b: readonly number[]) => number;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const flip = (p: number, f: (x: number) => number): number => p * f(1) + (1 - p) * f(0);
const softmax = (x: readonly number[]): number[] => x.map((own) => Math.exp(own) / x.reduce((sum, one) => sum + Math.exp(one), 0));

/** ∫ f(x) N(x; m, s²) dx by the trapezoidal rule, which converges at once. */
function normal(m: number, s: number, f: (x: number) => number): number {
  let sum = 0;
  for (let i = -180; i <= 180; i++) sum += f(m + (s * i) / 20) * Math.exp(-((i / 20) ** 2) / 2);
  return sum / 20 / Math.sqrt(2 * Math.PI);
}

export const chain: Graph = {
  body({ a, b }, draw, by) {
    const x = draw.bernoulli(a.at(0).sigmoid(), by[0] as never);
    const y = draw.bernoulli(a.at(1).add(x.mul(b.at(0))).sigmoid(), by[1] as never);
    return x.add(y.mul(2)).sub(0.45).square().add(x.mul(y).mul(a.at(2))).add(x.mul(b.at(1)));
  },
  expectation: ([a0, a1, a2], [b0, b1]) => flip(sigmoid(a0!), (x) => flip(sigmoid(a1! + x * b0!), (y) => (x + 2 * y - 0.45) ** 2 + x * y * a2! + x * b1!)),
};

export const chosen: Graph = {
  body({ a, b }, draw, by) {
    const k = draw.categorical(a.softmax(), by[0] as never);
    const x = draw.normal(a.at(k), b.at(0).exp(), by[1] as never);
    return x.square().mul(0.5).add(k.mul(x).mul(b.at(1)));
  },
  expectation: (a, [b0, b1]) => softmax(a).reduce((sum, p, k) => sum + p * ((a[k]! ** 2 + Math.exp(2 * b0!)) / 2 + k * a[k]! * b1!), 0),
};

export const three: Graph = {
  body({ a, b }, draw, by) {
    const x = draw.bernoulli(a.at(0).sigmoid(), by[0] as never);
    const z = draw.normal(x.mul(b.at(0)).add(a.at(1)), b.at(1).exp(), by[1] as never);
    const y = draw.bernoulli(z.mul(a.at(2)).sigmoid(), by[2] as never);
    return y.sub(0.3).add(x).square().add(z.mul(y)).add(x.mul(2)).sub(z.sin());
  },
  expectation: ([a0, a1, a2], [b0, b1]) =>
    flip(sigmoid(a0!), (x) => normal(x * b0! + a1!, Math.exp(b1!), (z) => flip(sigmoid(z * a2!), (y) => (y - 0.3 + x) ** 2 + z * y + 2 * x - Math.sin(z)))),
};

export const A: readonly number[] = [0.4, -0.3, 0.7];
export const B: readonly number[] = [0.8, -0.5];

export function traced({ body }: Graph, by: readonly (ForDraws<never> | undefined)[]): Program<"a" | "b"> {
  return program<"a" | "b">((names, draw) => body(names, draw, by), { a: [3], b: [2] });
}

/** The gradient in a and then in b, by differences of fourth order. */
export function slopes(f: (x: readonly number[]) => number, x: readonly number[], h = 1e-3): number[] {
  return x.map((_, i) => {
    const at = (by: number): number => f(x.map((own, j) => (j === i ? own + by * h : own)));
    return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h);
  });
}

export const both = ({ expectation }: Graph): ((x: readonly number[]) => number) => (x) => expectation(x.slice(0, 3), x.slice(3));

export function agree(got: readonly number[], errors: readonly number[], wanted: readonly number[], precision: "f64" | "f32" = "f64"): void {
  const unit = precision === "f64" ? 1e-8 : 1e-5;
  got.forEach((x, i) => expect(Math.abs(x - wanted[i]!), `number ${i}: ${x} ± ${errors[i]}, expected ${wanted[i]}`).toBeLessThan(4 * errors[i]! + unit * (1 + Math.abs(wanted[i]!))));
}

export const exactly: ForDraws<never> = enumerate() as unknown as ForDraws<never>;
