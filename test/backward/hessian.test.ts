import { describe, expect, test } from "vitest";
import { disarm, type ForDraws, key, none, program, programGradient, scoreFunction } from "../../src/index.ts";
import { A, agree, B, both, chain, chosen, exactly, type Graph, sigmoid, slopes, three, traced } from "./graphs.ts";

const V = [0.7, -0.4, 0.2, 1.1, -0.6];
const plain = scoreFunction({ baseline: none() }) as unknown as ForDraws<never>;
const score = scoreFunction() as unknown as ForDraws<never>;

const cases: readonly (readonly [string, Graph, readonly (ForDraws<never> | undefined)[], number])[] = [
  ["flips, by scores", chain, [score, score], 40_000],
  ["flips, by scores without a baseline", chain, [plain, plain], 40_000],
  ["flips, one of them enumerated", chain, [score, exactly], 40_000],
  ["flips, all enumerated", chain, [exactly, exactly], 1],
  ["an index and a path", chosen, [score, undefined], 40_000],
  ["an index and a normal draw, by scores", chosen, [score, score], 40_000],
  ["flips with a path between them", three, [score, undefined, score], 40_000],
  ["an enumerated flip, a score and a flip", three, [exactly, score, score], 40_000],
];

describe("the Hessian times a vector", () => {
  test.each(cases)("is that of the expectation: %s", (_, graph, by, samples) => {
    using gradient = programGradient(traced(graph, by), { samples });
    const found = gradient.hessianVectorProduct({ a: Float64Array.from(A), b: Float64Array.from(B) }, { a: Float64Array.from(V.slice(0, 3)), b: Float64Array.from(V.slice(3)) }, key(3));
    const exact = both(graph);
    const along = (x: readonly number[]): number => slopes(exact, x).reduce((sum, slope, i) => sum + slope * V[i]!, 0);
    const [product, errors] = [[...found.product.a, ...found.product.b], [...found.standardError.a, ...found.standardError.b]];
    agree(product, errors, slopes(along, [...A, ...B]));
    expect(Math.max(...errors)).toBeLessThan(1);
    expect(Math.max(...product.map(Math.abs))).toBeGreaterThan(0.1);
  });

  test("has less noise with leave-one-out than without", () => {
    const noise = (by: ReturnType<typeof scoreFunction>): number => {
      const chain = program(({ a }, draw) => {
        const x = draw.bernoulli(a.at(0).sigmoid(), by);
        return draw.bernoulli(a.at(1).add(x).sigmoid(), by).mul(2).add(x).add(3).square();
      }, { a: [2] });
      using gradient = programGradient(chain, { samples: 20_000 });
      const { product, standardError } = gradient.hessianVectorProduct({ a: Float64Array.of(0.4, -0.3) }, { a: Float64Array.of(0.7, 0.4) }, key(3));
      const exact = (a: readonly number[]): number => {
        const p = sigmoid(a[0]!);
        const square = (x: number): number => sigmoid(a[1]! + x) * (x + 5) ** 2 + (1 - sigmoid(a[1]! + x)) * (x + 3) ** 2;
        return p * square(1) + (1 - p) * square(0);
      };
      const along = (a: readonly number[]): number => slopes(exact, a).reduce((sum, slope, i) => sum + slope * [0.7, 0.4][i]!, 0);
      agree([...product.a], [...standardError.a], slopes(along, [0.4, -0.3]));
      return standardError.a.reduce((sum, error) => sum + error ** 2, 0);
    };
    expect(noise(scoreFunction())).toBeLessThan(0.5 * noise(scoreFunction({ baseline: none() })));
  });

  test.each(["f64", "f32"] as const)("is summed over the problems of a batch, in %s", (precision) => {
    const of = (...x: readonly number[]): Float64Array => (precision === "f64" ? Float64Array.from(x) : Float32Array.from(x)) as Float64Array;
    const model = program(({ w, x }, draw) => draw.bernoulli(x.dot(w).sigmoid()).sub(0.3).square().add(draw.normal(w.at(0).mul(x.at(1)), 1).square()), { w: [2] }, { x: 2 });
    const data = [1, 2, -1, 0.5, 0.3, -2];
    const exact = (w: readonly number[]): number =>
      [0, 1, 2].reduce((sum, i) => {
        const [x, y] = [data[2 * i]!, data[2 * i + 1]!];
        const p = sigmoid(x * w[0]! + y * w[1]!);
        return sum + p * 0.49 + (1 - p) * 0.09 + (w[0]! * y) ** 2;
      }, 0);
    using gradient = programGradient(model, { samples: 10_001, batch: 3, precision: precision as "f64" });
    const { product, standardError } = gradient.hessianVectorProduct({ w: of(0.4, -0.2) }, { w: of(1, -0.5) }, key(1), { context: { x: of(...data) } });
    const along = (w: readonly number[]): number => slopes(exact, w).reduce((sum, slope, i) => sum + slope * [1, -0.5][i]!, 0);
    agree([...product.w], [...standardError.w], slopes(along, [0.4, -0.2]), precision);
  });

  test("is refused where it would not be right", () => {
    const one = { p: Float64Array.of(0.3) };
    const product = (of: Parameters<typeof program<"p">>[0]): unknown => programGradient(program<"p">(of), { samples: 4 }).hessianVectorProduct(one, one, key(1));
    expect(() => product(({ p }, draw) => draw.bernoulli(p, disarm()))).toThrow("a pair of disarm() has no second derivative");
    expect(() => product(({ p }, draw) => draw.gamma(p, 1))).toThrow("a gamma draw has no second derivative");
    const matrix = programGradient(program(({ W }, draw) => draw.normal(0, 1).matmul(W).sum(), { W: [1, 2] }), { samples: 4 });
    expect(() => matrix.hessianVectorProduct({ W: new Float64Array(2) }, { W: new Float64Array(2) }, key(1))).toThrow("the parameter W is a matrix");
    using gradient = programGradient(program<"p">(({ p }, draw) => draw.bernoulli(p)), { samples: 4 });
    expect(() => gradient.hessianVectorProduct(one, {} as never, key(1))).toThrow('hessianVectorProduct: "vector.p" expected a Float64Array of 1, got undefined');
  });
});
