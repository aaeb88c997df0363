import { listed } from "../errors.ts";
import type { Node } from "../tape/node.ts";
import type { Discrete, DrawKind } from "./draw-kind.ts";
import { KINDS } from "./draws/index.ts";
import type { Reader } from "./interpret.ts";
import type { Jump } from "./jumps.ts";
import { type Linear, linear, nodeOf, plus } from "./linear.ts";
import type { Meaning } from "./meaning.ts";

/** What a triple is told besides its operands; the same as in assembly/tape/draws.ts. */
const BIRTHS = 1;
const FORGETS = 2;
/** Rows of jumps that are looked at to see whether any is left; with more the weight is kept, which is right as well, and varies more. */
const WATCHED = 4;

export function noise({ graph }: Reader, node: Node): Meaning {
  return { value: { row: graph.operation("draw", [], node.width, node.detail, 0, false) } };
}

export function drawn(reader: Reader, node: Node): Meaning {
  const { meanings, reading } = reader;
  const kind = KINDS[node.detail.draw!]!;
  const inputs = node.inputs.map((x) => meanings.get(x)!);
  const parameters = inputs.slice(0, kind.parameters.length);
  const meaning = kind.discrete === undefined ? moved(reader, inputs.at(-1)!) : discrete(reader, node, kind, kind.discrete, parameters);
  if (reading.scored) addScore(reader, node, kind, meaning, parameters);
  return meaning;
}

/** A continuous draw is noise made x by its parameters: x moves with them, unless its score stands for that. */
function moved({ reading }: Reader, path: Meaning): Meaning {
  return reading.moving ? path : { value: path.value };
}

function addScore(reader: Reader, node: Node, kind: DrawKind, { value }: Meaning, parameters: readonly Meaning[]): void {
  const { graph } = reader;
  if (parameters.every(({ delta }) => delta === undefined)) return;
  const slopes = kind.score(nodeOf(graph, value), parameters.map((parameter) => nodeOf(graph, parameter.value)));
  for (const [i, { delta }] of parameters.entries()) {
    if (delta === undefined) continue;
    const slope = slopes[i];
    if (slope === undefined) throw new TypeError(`${reader.reading.caller}: ${kind.name} has no score with respect to its ${kind.parameters[i]}. Use method "pruned".`);
    const term = graph.expand(graph.lanes(slope.mul(nodeOf(graph, delta))), node).sum();
    reader.score = reader.score === undefined ? linear(term) : plus(graph, reader.score, linear(term));
  }
}

function discrete(reader: Reader, node: Node, kind: DrawKind, declared: Discrete, parameters: readonly Meaning[]): Meaning {
  const { graph, reading } = reader;
  const changing = parameters.some(({ delta }) => delta !== undefined);
  if (changing && reading.discrete === "refused") {
    throw new TypeError(`${reading.caller}: method "pathwise" needs draws that are continuous in the parameters, got ${kind.name}. Use method "pruned", or one of ${listed(["smoothed", "score-function"])}.`);
  }
  if (reading.discrete === "jumps" && (changing || parameters.some(({ jump }) => jump !== undefined))) return triple(reader, node, declared, parameters, changing);
  const value = linear(values(reader, node, declared, parameters));
  if (!changing || (reading.discrete !== "smoothed" && reading.discrete !== "mean")) return { value };
  const thetas = parameters.map((parameter) => nodeOf(graph, parameter.value));
  const deltas = parameters.map(({ delta }) => delta && nodeOf(graph, delta));
  if (reading.discrete === "smoothed") return { value, delta: linear(declared.smoothed(value.row!, thetas, deltas)) };
  return { value, delta: alongMean(reader, declared, thetas, deltas) };
}

function alongMean({ graph }: Reader, declared: Discrete, thetas: readonly Node[], deltas: readonly (Node | undefined)[]): Linear | undefined {
  return declared.slopes(thetas).reduce<Linear | undefined>((total, slope, i) => {
    const delta = deltas[i];
    if (slope === undefined || delta === undefined) return total;
    const term = linear(slope.mul(delta));
    return total === undefined ? term : plus(graph, total, term);
  }, undefined);
}

/** scale · row + shift as three operands; a number for all lanes is 0 · 1 + shift. */
function operands({ graph }: Reader, part: Linear | undefined): [row: Node, scale: Node, shift: Node] {
  const [zero, one] = [graph.constant([0]), graph.constant([1])];
  return [part?.row ?? zero, part?.scale ?? one, part?.shift ?? zero];
}

function values(reader: Reader, node: Node, { folded }: Discrete, parameters: readonly Meaning[]): Node {
  const { graph } = reader;
  const { site } = node.detail;
  return graph.operation("draw", operands(reader, parameters[0]!.value), node.width, { draw: folded!.value, site: site!, flags: 0 }, 0, false);
}

function triple(reader: Reader, node: Node, { folded }: Discrete, parameters: readonly Meaning[], births: boolean): Meaning {
  const { graph, perturbations, reading } = reader;
  const { value, delta, jump } = parameters[0]!;
  const { width } = node;
  const site = node.detail.site!;
  const [v, a, b] = operands(reader, value);
  const [d, c, s] = operands(reader, delta);
  const j = jump === undefined ? graph.constant([0]) : (perturbations.current({ row: jump.row }), jump.row.node);
  const watched = births && reading.forgets ? alive(reader, node) : undefined;
  const flags = (births ? BIRTHS : 0) | (watched === undefined ? 0 : FORGETS);
  const inputs = [v, d, j, watched ?? graph.constant([0]), perturbations.weight, perturbations.birth, a, b, jump?.scale ?? graph.constant([1]), c, s];
  const both = graph.operation("draw", inputs, 2 * width, { draw: folded!.triple, site, flags }, 0, false);
  if (births) perturbations.now = site + width;
  const row = both.slice(width, 2 * width);
  return { value: linear(both.slice(0, width)), jump: births ? perturbations.born(row, site + 1) : perturbations.fresh(row) };
}

/** Not 0 where a jump that is needed after this draw is not; undefined if there are too many to look at. Entries of a vector draw are jumps, too. */
function alive({ graph, lives, meanings }: Reader, node: Node): Node | undefined {
  if (node.width > 1) return undefined;
  const rows = new Set<Jump["row"]>();
  for (const other of lives.after(node)) {
    const { jump } = meanings.get(other)!;
    if (jump !== undefined) rows.add(jump.row);
    if (rows.size > WATCHED) return undefined;
  }
  const entries = [...rows].flatMap(({ node: row }) => Array.from({ length: row.width }, (_, i) => row.at(i)));
  if (entries.length > WATCHED) return undefined;
  return entries.reduce((some, row) => (row === some ? some : some.where(some, row)), entries[0] ?? graph.constant([0]));
}
