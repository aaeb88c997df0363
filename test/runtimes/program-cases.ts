import type { Draw, Node, Precision, Source, Triple } from "../../src/index.ts";
import { array, both, type Case } from "./case.ts";
import type { Gradex } from "./subjects.ts";

const METHODS = ["pruned", "pruned by wins", "aggressive", "smoothed", "mean-derivative", "score-function", "pathwise", "differences"] as const;

/** Programs, and ordinary functions that draw. */
export const PROGRAM_CASES: readonly Case[] = [
  ...both("run", (gradex, precision) => gradex.run(gradex.program(everything), { p: 0.5, w: array(precision, 3) }, gradex.key(30), { lanes: 300 })),
  ...both("derivative", derivatives),
  ["stochastic triple", ({ key, program, stochasticTriple }) => {
    const walk = program<"p">(({ p }, draw) => flips(12, draw, p));
    return Array.from({ length: 20 }, (_, i) => stochasticTriple(walk, { p: 0.5 }, key(31).fold(i))).map((triple) => [triple, String(triple)]);
  }],
  ["triples", ({ key, triples }) => Array.from({ length: 50 }, (_, i) => key(32).fold(i)).map((own) => {
    const { value, delta, perturbation, weight, derivative } = arithmetic(triples(own));
    return [value, delta, perturbation, weight, derivative];
  })],
  ["replay", ({ key, replay }) => [
    replay(branching, { p: 0.4, rates: [2, 0.5] }, key(33), { samples: 40 }),
    replay(branching, { p: 0.7, rates: [1, 3] }, key(33), { samples: 10, replays: 3, step: 1e-4 }),
  ]],
  ...both("program gradient", backward),
];

/** Every kind of draw, some of them given others. */
function everything({ p, w }: { readonly p: Node; readonly w: Node }, draw: Draw): Node {
  const g = draw.geometric(p);
  const b = draw.binomial(g.add(4), p.mul(0.75));
  const r = draw.poisson(b.add(p));
  const c = draw.categorical(w.softmax());
  const x = draw.normal(w.at(c), p.exp()).add(draw.uniform(p.neg(), p)).add(draw.exponential(r.add(1))).add(draw.gamma(p.add(0.5), 2));
  return x.mul(draw.bernoulli(x.sigmoid())).add(draw.constant([1, -2, 0.5]).at(c)).add(r.mul(p)).sub(b.mul(w).sum());
}

/** Each more likely the fewer came up. */
function flips(count: number, draw: Draw, p: Node): Node {
  let n = draw.constant(0);
  for (let i = 1; i <= count; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / (2 * count)).add(1))));
  return n.square();
}

/** By each method what it can differentiate. */
function derivatives({ derivative, key, program }: Gradex, precision: Precision): unknown {
  const discrete = program<"p">(({ p }, draw) => flips(10, draw, p.mean()));
  const mixed = (chosen: boolean) => program<"p" | "w">(({ p, w }, draw) => {
    const k = draw.categorical(w.softmax());
    const x = draw.normal(chosen ? w.at(k) : k, p.exp());
    return x.mul(draw.poisson(p.add(1))).add(draw.geometric(p).mul(draw.binomial(5, p))).add(draw.exponential(p)).add(draw.gamma(p.add(1), 2).square());
  });
  const smooth = program<"p" | "w">(({ p, w }, draw) => draw.normal(p, w.exp()).square().sum().add(draw.gamma(p.exp(), 1).sin()).add(draw.exponential(p.exp())).add(draw.uniform(p, p.add(2)).cos()));
  const chances = array(precision, 2, 0.25).map((x) => x + 0.5) as Float64Array;
  const at = { p: 0.5, w: array(precision, 3) };
  const flipped = METHODS.filter((method) => method !== "pathwise").map((method) => derivative(discrete, { p: chances }, key(34), { samples: 70, method }));
  const plain = derivative(discrete, { p: chances }, key(34), { samples: 70, method: "score-function", baseline: "none" });
  const named = METHODS.filter((method) => method !== "pathwise").map((method) => derivative(mixed(method !== "mean-derivative" && method !== "smoothed"), at, key(35), { samples: 70, method }));
  const moved = METHODS.filter((method) => method !== "score-function").map((method) => derivative(smooth, at, key(36), { samples: 70, method }));
  return [flipped, plain, named, moved];
}

function arithmetic(t: ReturnType<Gradex["triples"]>): Triple {
  const p = t.variable(0.375);
  const n = t.poisson(p.add(t.binomial(5, t.bernoulli(p).add(1).div(4)))).add(t.geometric(p)).add(t.perturbed(1, 2, 0.5));
  const choice = t.categorical([p, p.mul(0.5), p.mul(-1.5).add(1)]);
  const smooth = [p.sqrt(), p.exp(), p.log(), p.log1p(), p.expm1(), p.sin(), p.cos(), p.tanh(), p.sigmoid(), p.softplus()].reduce((sum, one) => sum.add(one.square()));
  const noise = t.normal(p, p).mul(t.uniform(0, p)).add(t.exponential(p));
  return t.at([n, smooth, noise.neg()], choice).sub(n.maximum(p).minimum(noise)).add(smooth);
}

/** What no tape could trace. */
function branching({ p, rates }: { readonly p: number; readonly rates: readonly number[] }, draw: Source): number {
  const seen = new Map<number, number>();
  let total = 0;
  for (let turn = 0; turn < 5 && draw.bernoulli(p) === 1; turn++) {
    const place = draw.categorical([p / 2, 1 - p, p / 2]);
    seen.set(place, (seen.get(place) ?? 0) + draw.poisson(rates[0]!));
    if (draw.geometric(p) > 2) return total + draw.normal(p, rates[1]);
    total += draw.binomial(4, p) * draw.uniform(0, rates[1]) - draw.exponential(rates[0]);
  }
  for (const count of seen.values()) total += count * count;
  return total;
}

/** Each draw by an estimator of its own, with a matrix and with context; and a product with the Hessian. */
function backward({ disarm, enumerate, key, pathwise, program, programGradient, scoreFunction }: Gradex, precision: Precision): unknown {
  const graph = program<"a" | "W", "c">(({ a, W, c }, draw) => {
    const x = draw.bernoulli(c.matmul(W).at(0).sigmoid(), disarm());
    const k = draw.categorical(a.softmax(), enumerate());
    const z = draw.normal(a.at(k).add(x), a.at(1).exp(), pathwise());
    const y = draw.poisson(z.square().add(0.5), scoreFunction());
    const g = draw.gamma(a.at(0).exp(), 2);
    return x.mul(z).add(k.mul(z).square()).add(y.mul(0.25)).add(g.mul(y)).sub(z.sin());
  }, { a: [3], W: [2, 1] }, { c: 2 });
  using grad = programGradient(graph, { samples: 60, batch: 2, precision });
  const context = { c: array(precision, 4) as Float64Array };
  const params = { a: array(precision, 3) as Float64Array, W: array(precision, 2) as Float64Array };
  const estimates = [0, 1].map((step) => grad.estimate(params, key(37).fold(step), { context }));
  const twice = program<"a">(({ a }, draw) => draw.bernoulli(a.at(0).sigmoid()).add(draw.normal(a.at(1), a.at(2).exp())).square(), { a: [3] });
  using curved = programGradient(twice, { samples: 60, precision });
  return [estimates, grad.value(params, key(38), { context }), curved.hessianVectorProduct({ a: params.a }, { a: array(precision, 3, 0.5) as Float64Array }, key(39))];
}
