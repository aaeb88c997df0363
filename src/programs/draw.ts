import { shown } from "../errors.ts";
import type { Graph } from "../tape/graph.ts";
import type { Node, Operand } from "../tape/node.ts";
import type { DrawRule, ForDraws } from "../vocabulary/estimator.ts";
import { checkConstant } from "./constants.ts";
import { ruleOf } from "./draw-rules.ts";

/**
 * What a program draws from. A parameter is a node, a number or a list of numbers, and may depend on what was drawn before; its
 * width is that of the draw, whose entries are independent. A number outside its range is refused; a node outside is not, because it is known only when
 * the program runs: probabilities below 0 and above 1 act as 0 and 1, other values may give NaN.
 *
 * The last argument says by which estimator the draw is differentiated backward; forward methods do not look at it. Unless given, a
 * continuous draw is a path and a discrete one has a score function with leave-one-out.
 */
export interface Draw {
  /** 1 with probability p in [0, 1], else 0. */
  bernoulli(probability: Operand, by?: ForDraws<"score" | "disarm" | "enumerate">): Node;
  /** Mean, and scale > 0, the standard deviation. */
  normal(mean: Operand, scale: Operand, by?: ForDraws<"pathwise" | "score">): Node;
  /** Rate > 0; the mean is 1 / rate. */
  exponential(rate: Operand, by?: ForDraws<"pathwise" | "score">): Node;
  /** Between low and high. */
  uniform(low: Operand, high: Operand, by?: ForDraws<"pathwise">): Node;
  /** Shape > 0 and rate > 0; the mean is shape / rate. */
  gamma(shape: Operand, rate: Operand, by?: ForDraws<"pathwise" | "score">): Node;
  /** Successes among `trials`, a whole number >= 0, with probability p in [0, 1]. Its cost grows with √(trials · p). */
  binomial(trials: Operand, probability: Operand, by?: ForDraws<"score">): Node;
  /** Failures before the first success, p in (0, 1]. */
  geometric(probability: Operand, by?: ForDraws<"score">): Node;
  /** Rate >= 0, the mean. Its cost grows with √rate. */
  poisson(rate: Operand, by?: ForDraws<"score">): Node;
  /** One of 0 … K − 1, of width 1, from a vector of K probabilities that add up to 1. */
  categorical(probabilities: Operand, by?: ForDraws<"score" | "enumerate">): Node;
  /** No draw: a number or a list of numbers as a node, to begin a sum with. */
  constant(value: number | readonly number[]): Node;
}

/** Standard noise: its number in the core. */
const NOISE = { uniform: 0, exponential: 1, normal: 2 } as const;

/** The names of draws that others are made of: of standard noise, and of a gamma distribution of rate 1. */
export const NOISE_DRAW = "noise";
export const GAMMA_DRAW = "standard gamma";

/**
 * Draws into a trace; sites are given out in the order of the calls.
 *
 * @param rules  written: how the draws that say so are differentiated backward
 */
export function drawing(graph: Graph, rules: Map<Node, DrawRule>): Draw {
  let sites = 0;
  const take = (width: number): number => (sites += width) - width;
  const nodes = (kind: string, given: readonly Operand[]): Node[] => given.map((operand, i) => parameter(graph, kind, i, operand));
  const widest = (parameters: readonly Node[]): number => Math.max(...parameters.map(({ width }) => width));
  const noise = (of: keyof typeof NOISE, width: number): Node => {
    const site = take(width);
    return graph.operation("draw", [], width, { draw: NOISE_DRAW, site, flags: NOISE[of] }, 0, false);
  };
  const ruled = (node: Node, by: ForDraws | undefined): Node => {
    if (by !== undefined) rules.set(node, ruleOf(graph.caller, node.detail.draw!, by));
    return node;
  };
  const discrete = (kind: string, ...given: readonly Operand[]): Node => {
    const parameters = nodes(kind, given);
    const width = widest(parameters);
    return graph.draw(kind, take(width), parameters, width);
  };
  /** A continuous draw knows its parameters, and as its last input itself as a function of them and of noise. */
  const continuous = (kind: string, of: keyof typeof NOISE, path: (z: Node, parameters: readonly Node[]) => Node, ...given: readonly Operand[]): Node => {
    const parameters = nodes(kind, given);
    const width = widest(parameters);
    const z = noise(of, width);
    return graph.draw(kind, z.detail.site!, [...parameters, path(z, parameters)], width);
  };
  return {
    bernoulli: (probability, by) => ruled(discrete("bernoulli", probability), by),
    normal: (mean, scale, by) => ruled(continuous("normal", "normal", (z, [m, s]) => z.mul(s!).add(m!), mean, scale), by),
    exponential: (rate, by) => ruled(continuous("exponential", "exponential", (z, [r]) => z.div(r!), rate), by),
    uniform: (low, high, by) => ruled(continuous("uniform", "uniform", (z, [a, b]) => z.mul(b!.sub(a!)).add(a!), low, high), by),
    gamma(shape, rate, by) {
      const parameters = nodes("gamma", [shape, rate]);
      const [a, r] = parameters as [Node, Node];
      const width = widest(parameters);
      const site = take(width);
      const standard = graph.operation("draw", [a.width < width ? graph.expand(a, r) : a], width, { draw: GAMMA_DRAW, site }, 0, false);
      return ruled(graph.draw("gamma", site, [...parameters, standard.div(r)], width), by);
    },
    binomial: (trials, probability, by) => ruled(discrete("binomial", trials, probability), by),
    geometric: (probability, by) => ruled(discrete("geometric", probability), by),
    poisson: (rate, by) => ruled(discrete("poisson", rate), by),
    categorical(probabilities, by) {
      const [p] = nodes("categorical", [probabilities]);
      return ruled(graph.draw("categorical", take(1), [p!], 1), by);
    },
    constant: (value) => graph.node(value, "constant"),
  };
}

function parameter(graph: Graph, kind: string, position: number, operand: Operand): Node {
  checkConstant(graph.caller, kind, position, operand);
  const node = graph.node(operand, `draw.${kind}`);
  if (node.height > 0) throw new TypeError(`${graph.caller}: draw.${kind} expected vectors or numbers, got the matrix ${shown(node.detail.name)}`);
  return node;
}
