import { listed } from "../errors.ts";
import type { Node } from "../tape/node.ts";
import type { Discrete, DrawKind } from "./draw-kind.ts";
import type { Reader } from "./interpret.ts";
import type { Jump } from "./jumps.ts";
import { type Linear, linear, nodeOf } from "./linear.ts";
import type { Meaning } from "./meaning.ts";

/** What a triple is told besides its operands; the same as in assembly/tape/draws.ts and discrete.ts. */
const BIRTHS = 1;
const FORGETS = 2;
const COUNTS = 4;
const SMOOTHED = 8;
/** Of operations of a kind's own: what is added to. */
const ADDS = 4;
/** Where in the flags the kind begins, and the number of categories. */
const KIND = 4;
const CATEGORIES = 8;
/** Rows of jumps that are looked at to see whether any is left; with more the weight is kept, which is right as well, and varies more. */
const WATCHED = 4;

/** A discrete draw: a value, and as the reading has it a jump, or a derivative in its stead. */
export function discrete(reader: Reader, node: Node, kind: DrawKind, parameters: readonly Meaning[]): Meaning {
  const { graph, reading } = reader;
  const declared = kind.discrete!;
  const { delta } = parameters[declared.moves]!;
  for (const [i, other] of parameters.entries()) {
    if (i !== declared.moves && other.delta !== undefined) {
      throw new TypeError(`${reading.caller}: the ${kind.parameters[i]} of a ${kind.name} draw cannot move with the parameters: they are whole numbers. Draw them, or fix them.`);
    }
  }
  if (delta !== undefined && reading.discrete === "refused") {
    throw new TypeError(`${reading.caller}: method "pathwise" needs draws that are continuous in the parameters, got ${kind.name}. Use method "pruned", or ${listed(["smoothed", "score-function"])}.`);
  }
  const jumping = reading.discrete === "jumps" && (delta !== undefined || parameters.some(({ jump }) => jump !== undefined));
  if (jumping) return reading.wins === "weight" && declared.folded !== undefined ? foldedTriple(reader, node, declared, parameters) : triple(reader, node, declared, parameters);
  if (delta === undefined || reading.discrete === "none") return { value: linear(value(reader, node, declared, parameters)) };
  if (reading.discrete === "smoothed") return smoothed(reader, node, declared, parameters);
  const slope = declared.slope(parameters.map((parameter) => nodeOf(graph, parameter.value)));
  const along = slope.mul(nodeOf(graph, delta));
  return { value: linear(value(reader, node, declared, parameters)), delta: linear(declared.vector === true ? along.sum() : along) };
}

/** scale · row + shift as three operands; a number for all lanes is 1 · 0 + shift. */
function operands({ zero, one }: Reader, part: Linear | undefined): [row: Node, scale: Node, shift: Node] {
  return [part?.row ?? zero, part?.scale ?? one, part?.shift ?? zero];
}

function value(reader: Reader, node: Node, declared: Discrete, parameters: readonly Meaning[]): Node {
  const { graph, reading } = reader;
  const { site } = node.detail;
  if (declared.folded !== undefined) {
    const sum = reading.discrete === "mean" ? undefined : sumOf(reader, node, parameters[0]!);
    const drawn = graph.operation("draw", operands(reader, parameters[0]!.value), node.width, { draw: declared.folded.value, site: site!, flags: sum === undefined ? 0 : ADDS }, 0, false);
    if (sum !== undefined) reader.meanings.set(sum.node, { ...sum.meaning, value: linear(drawn) });
    return drawn;
  }
  return graph.operation("draw", thetas(reader, declared, parameters), node.width, { draw: "discrete", site: site!, flags: kindOf(node, declared) }, 0, false);
}

/** What the operation `discrete` is told of the draw. */
export function kindOf(node: Node, { code, moves }: Discrete): number {
  return (code << KIND) | (node.inputs[moves]!.width << CATEGORIES);
}

/** The parameter that moves, and the other one. */
function thetas({ graph, zero }: Reader, { moves }: Discrete, parameters: readonly Meaning[]): [Node, Node] {
  const other = parameters.find((_, i) => i !== moves);
  return [nodeOf(graph, parameters[moves]!.value), other === undefined ? zero : nodeOf(graph, other.value)];
}

function foldedTriple(reader: Reader, node: Node, { folded }: Discrete, parameters: readonly Meaning[]): Meaning {
  const { graph, one, perturbations, zero } = reader;
  const { value: theta, delta, jump } = parameters[0]!;
  const [v, a, b] = operands(reader, theta);
  const [d, c, s] = operands(reader, delta);
  const j = jump === undefined ? zero : perturbations.current({ row: jump.row });
  const { watched, flags } = watching(reader, node, delta !== undefined);
  const inputs = [v, d, j, watched, perturbations.weight, perturbations.birth, a, b, jump?.scale ?? one, c, s];
  const sum = sumOf(reader, node, parameters[0]!);
  const detail = { draw: folded!.triple, site: node.detail.site!, flags: sum === undefined ? flags : flags | ADDS };
  const meaning = born(reader, node, graph.operation("draw", inputs, 2 * node.width, detail, 0, false), delta !== undefined);
  if (sum !== undefined) reader.meanings.set(sum.node, { ...meaning, delta: sum.meaning.delta });
  return meaning;
}

/**
 * n + x where x has no other use and its parameter is made of n: the draw adds, which saves two passes of its values and jumps.
 *
 * What the draw is said to mean is then what the sum means. Nobody else asks for it.
 */
function sumOf({ lives, meanings, reading }: Reader, node: Node, { value, jump }: Meaning): { node: Node; meaning: Meaning } | undefined {
  const user = lives.only(node);
  if (user?.op !== "add" || user.width !== node.width || value.row?.width !== node.width || reading.scored) return undefined;
  const [a, b] = user.inputs;
  const other = a === node ? b! : a!;
  const meaning = other.uniform ? undefined : meanings.get(other);
  if (meaning === undefined || meaning.value.row !== value.row || meaning.value.scale !== undefined || meaning.value.shift !== undefined) return undefined;
  return meaning.jump?.row === jump?.row && meaning.jump?.scale === undefined ? { node: user, meaning } : undefined;
}

function triple(reader: Reader, node: Node, declared: Discrete, parameters: readonly Meaning[]): Meaning {
  const { graph, perturbations, reading, zero } = reader;
  const { delta, jump } = parameters[declared.moves]!;
  const other = parameters.find((_, i) => i !== declared.moves)?.jump;
  const row = (of: Jump | undefined): Node => (of === undefined ? zero : perturbations.current(of));
  const { watched, flags } = watching(reader, node, delta !== undefined);
  const inputs = [
    ...thetas(reader, declared, parameters), delta === undefined ? zero : nodeOf(graph, delta), row(jump), row(other),
    watched, perturbations.weight, perturbations.birth, perturbations.contenders,
  ];
  const detail = { draw: "discreteTriple", site: node.detail.site!, flags: flags | kindOf(node, declared) | (reading.wins === "number" ? COUNTS : 0) };
  return born(reader, node, graph.operation("draw", inputs, 2 * node.width, detail, 0, false), delta !== undefined);
}

/** The average of what could have jumped, as a derivative: no lane is perturbed. */
function smoothed(reader: Reader, node: Node, declared: Discrete, parameters: readonly Meaning[]): Meaning {
  const { graph, perturbations, zero } = reader;
  const inputs = [...thetas(reader, declared, parameters), nodeOf(graph, parameters[declared.moves]!.delta!), zero, zero, zero, perturbations.weight, perturbations.birth, perturbations.contenders];
  const detail = { draw: "discreteTriple", site: node.detail.site!, flags: kindOf(node, declared) | BIRTHS | SMOOTHED };
  const both = graph.operation("draw", inputs, 2 * node.width, detail, 0, false);
  return { value: linear(both.slice(0, node.width)), delta: linear(both.slice(node.width, 2 * node.width)) };
}

function born({ perturbations }: Reader, { width, detail }: Node, both: Node, births: boolean): Meaning {
  if (births) perturbations.now = detail.site! + width;
  const row = both.slice(width, 2 * width);
  return { value: linear(both.slice(0, width)), jump: births ? perturbations.born(row, detail.site! + 1) : perturbations.fresh(row) };
}

/** The row that says whether a jump is alive that is needed after this draw, if it may forget. Entries of a vector draw are jumps, too. */
function watching(reader: Reader, node: Node, births: boolean): { watched: Node; flags: number } {
  const { lives, meanings, reading, zero } = reader;
  const none = { watched: zero, flags: births ? BIRTHS : 0 };
  if (!births || reading.forgets !== true || node.width > 1) return none;
  const rows = new Set<Jump["row"]>();
  for (const other of lives.after(node)) {
    const { jump } = meanings.get(other)!;
    if (jump !== undefined) rows.add(jump.row);
    if (rows.size > WATCHED) return none;
  }
  const entries = [...rows].flatMap(({ node: row }) => Array.from({ length: row.width }, (_, i) => row.at(i)));
  if (entries.length > WATCHED) return none;
  return { watched: entries.reduce((some, row) => (row === some ? some : some.where(some, row)), entries[0] ?? zero), flags: BIRTHS | FORGETS };
}
