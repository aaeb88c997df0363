import type { Node } from "../../src/tape/node.ts";
import { stream } from "../random/stream.ts";
import { unit64 } from "../random/unit.ts";
import { laneValue } from "../tape/evaluate.ts";
import * as quantile from "./quantiles.ts";

/** value + delta ε + (jump with probability weight ε): `jump` is of the perturbation that draw number `birth` gave birth to. */
interface Triple {
  readonly value: readonly number[];
  readonly delta: readonly number[];
  readonly jump: readonly number[];
  readonly birth: number;
}

/** The perturbation that a lane keeps. */
interface Lane {
  weight: number;
  birth: number;
}

export interface Result {
  readonly value: number;
  readonly delta: number;
  readonly jump: number;
  readonly weight: number;
}

/**
 * One lane of a program of one number p and of discrete draws, in f64: the words of assembly/tape, the rules written anew. Derivatives
 * are central differences, and a jump knows the birth that it is of instead of being masked.
 *
 * @param forgets  whether a weight is dropped when nothing jumps any more
 */
export function triple(result: Node, p: number, key: { readonly low: number; readonly high: number }, index: number, forgets: boolean): Result {
  const lane: Lane = { weight: 0, birth: 0 };
  const triples = new Map<Node, Triple>();
  const order = needed(result);
  const last = new Map<Node, number>([[result, Infinity]]);
  for (const node of order) for (const x of node.inputs) if (x !== result) last.set(x, node.id);
  for (const node of order) {
    const alive = (): boolean => [...triples].some(([other, { jump, birth }]) => last.get(other)! > node.id && birth === lane.birth && jump.some((one) => one !== 0));
    triples.set(node, node.op === "draw" ? drawn(node, triples, lane, key, index, forgets ? alive : () => true) : computed(node, p, triples, lane));
  }
  const { value, delta, jump, birth } = triples.get(result)!;
  return { value: value[0]!, delta: delta[0]!, jump: birth === lane.birth ? jump[0]! : 0, weight: lane.weight };
}

function needed(result: Node): Node[] {
  const found = new Set([result]);
  for (const node of found) for (const x of node.inputs) found.add(x);
  return [...found].toSorted((a, b) => a.id - b.id);
}

const STEP = 1e-6;

function computed(node: Node, p: number, triples: ReadonlyMap<Node, Triple>, lane: Lane): Triple {
  if (node.op === "parameter") return { value: [p], delta: [1], jump: [0], birth: 0 };
  if (node.op === "constant") return still([...node.detail.values!]);
  const inputs = node.inputs.map((x) => triples.get(x)!);
  const of = (input: (triple: Triple) => readonly number[]): number[] => {
    const whole = inputs.map((x) => [...input(x)]);
    const wide = whole.map((x) => (x.length === 1 ? Array.from({ length: Math.max(node.size, 1) }, () => x[0]!) : x));
    return Array.from(laneValue(node, whole, wide));
  };
  const value = of(({ value }) => value);
  const moved = (step: number): number[] => of(({ value, delta }) => value.map((x, i) => x + step * delta[i]!));
  const above = moved(STEP);
  const below = moved(-STEP);
  const jumped = of(({ value, jump, birth }) => value.map((x, i) => x + (birth === lane.birth ? jump[i]! : 0)));
  return { value, delta: above.map((x, i) => (x - below[i]!) / (2 * STEP)), jump: jumped.map((x, i) => x - value[i]!), birth: lane.birth };
}

const still = (value: number[]): Triple => ({ value, delta: value.map(() => 0), jump: value.map(() => 0), birth: 0 });

function drawn(node: Node, triples: ReadonlyMap<Node, Triple>, lane: Lane, { low, high }: { readonly low: number; readonly high: number }, index: number, alive: () => boolean): Triple {
  const parameters = node.inputs.map((x) => triples.get(x)!);
  const kind = node.detail.draw!;
  const site = node.detail.site!;
  const words = stream(low, high, site, Math.floor(index / 1024));
  for (let i = 0; i < 2 * (index % 1024); i++) words();
  const [first, second] = [words(), words()];
  const u = unit64(first, second);
  const picks = stream(low, high, (site | 0x80000000) >>> 0, Math.floor(index / 1024));
  for (let i = 0; i < index % 1024; i++) picks();
  const v = kind === "bernoulli" ? ((first & 0xfff) * 2 ** 16 + (first >>> 16) + 0.5) * 2 ** -28 : (picks() >>> 1) * 2 ** -31;
  const at = (changed: boolean): number => {
    const thetas = parameters.map(({ value, jump, birth }) => value.map((x, i) => x + (changed && birth === lane.birth ? jump[i]! : 0)));
    if (kind === "categorical") return quantile.categorical(u, thetas[0]!);
    if (kind === "binomial") return quantile.binomial(u, thetas[0]![0]!, thetas[1]![0]!);
    return { bernoulli: quantile.bernoulli, geometric: quantile.geometric, poisson: quantile.poisson }[kind as "poisson"](u, thetas[0]![0]!);
  };
  const x = at(false);
  const moved = at(true) - x;
  const births = born(kind, x, parameters);
  if (births === undefined) return { ...still([x]), jump: [moved], birth: lane.birth };
  if (moved === 0 && !alive()) lane.weight = 0;
  const own = births.reduce((sum, [, weight]) => sum + weight, 0);
  lane.weight += own;
  if (!(v * lane.weight < own)) return { ...still([x]), jump: [moved], birth: lane.birth };
  lane.birth = site + 1;
  return { ...still([x]), jump: [v * lane.weight < births[0]![1] ? births[0]![0] : births[1]![0]], birth: lane.birth };
}

/** The jumps up and down that a growth of the parameters makes, with their weights; undefined where they do not move. */
function born(kind: string, x: number, parameters: readonly Triple[]): [jump: number, weight: number][] | undefined {
  const { value, delta } = parameters.at(-1)!;
  if (delta.every((d) => d === 0)) return undefined;
  const [p, d] = [value[0]!, delta[0]!];
  const more = Math.max(d, 0);
  const less = Math.max(-d, 0);
  if (kind === "bernoulli") return [[1, x === 0 ? more / (1 - p) : 0], [-1, x === 1 ? less / p : 0]];
  if (kind === "geometric") return [[1, (less * (x + 1)) / p], [-1, (more * x) / (p * (1 - p))]];
  if (kind === "poisson") return [[1, more], [-1, (less * x) / p]];
  if (kind === "binomial") return [[1, (more * (parameters[0]!.value[0]! - x)) / (1 - p)], [-1, (less * x) / p]];
  const before = delta.slice(0, x).reduce((sum, one) => sum + one, 0);
  const possible = (i: number): boolean => value[i] !== 0 || delta[i] !== 0;
  const next = value.findIndex((_, i) => i > x && possible(i));
  const previous = value.findLastIndex((_, i) => i < x && possible(i));
  return [[next - x, next < 0 ? 0 : Math.max(0, -(before + delta[x]!)) / value[x]!], [previous - x, previous < 0 ? 0 : Math.max(0, before) / value[x]!]];
}
