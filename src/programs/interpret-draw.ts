import type { Node } from "../tape/node.ts";
import type { DrawKind } from "./draw-kind.ts";
import { KINDS } from "./draws/index.ts";
import { discrete } from "./interpret-discrete.ts";
import type { Reader } from "./interpret.ts";
import { linear, nodeOf, plus } from "./linear.ts";
import type { Meaning } from "./meaning.ts";

/** What a gamma draw is asked for; the same as in assembly/tape/gamma.ts. */
const SLOPE = 1;
const JUMP = 2;

/** Standard noise: the same whatever the parameters are. */
export function noise({ graph }: Reader, node: Node): Meaning {
  return { value: { row: graph.operation("draw", [], node.width, node.detail, 0, false) } };
}

/** A gamma draw of rate 1 moves with its shape at a fixed probability; where the shape jumps, it is drawn again from the same words. */
export function standardGamma({ graph, meanings, perturbations, reading }: Reader, node: Node): Meaning {
  const { value, delta, jump } = meanings.get(node.inputs[0]!)!;
  const moves = delta !== undefined && reading.moving;
  const jumps = jump === undefined ? graph.constant([0]) : perturbations.current(jump);
  const flags = (moves ? SLOPE : 0) | (jump === undefined ? 0 : JUMP);
  const { width, detail } = node;
  const all = graph.operation("draw", [nodeOf(graph, value), jumps], 3 * width, { draw: "gamma", site: detail.site!, flags }, 0, false);
  return {
    value: linear(all.slice(0, width)),
    delta: moves ? linear(all.slice(width, 2 * width).mul(nodeOf(graph, delta))) : undefined,
    jump: jump && perturbations.fresh(all.slice(2 * width, 3 * width)),
  };
}

export function drawn(reader: Reader, node: Node): Meaning {
  const { meanings, reading } = reader;
  const kind = KINDS[node.detail.draw!]!;
  const inputs = node.inputs.map((x) => meanings.get(x)!);
  const parameters = inputs.slice(0, kind.parameters.length);
  const meaning = kind.discrete === undefined ? moved(reader, inputs.at(-1)!) : discrete(reader, node, kind, parameters);
  if (reading.scored) addScore(reader, kind, node.width, meaning, parameters);
  return meaning;
}

/** A continuous draw is noise made x by its parameters: x moves with them, unless its score stands for that. */
function moved({ reading }: Reader, path: Meaning): Meaning {
  return reading.moving ? path : { value: path.value };
}

/** score += Σ ∂ log p/∂θ · δθ */
function addScore(reader: Reader, kind: DrawKind, width: number, { value }: Meaning, parameters: readonly Meaning[]): void {
  const { graph, reading } = reader;
  if (parameters.every(({ delta }) => delta === undefined)) return;
  const slopes = kind.score(nodeOf(graph, value), parameters.map((parameter) => nodeOf(graph, parameter.value)));
  for (const [i, { delta }] of parameters.entries()) {
    if (delta === undefined) continue;
    const slope = slopes[i];
    if (slope === undefined) throw new TypeError(`${reading.caller}: ${kind.name} has no score in its ${kind.parameters[i]}. Use method "pruned".`);
    const along = graph.lanes(slope.mul(nodeOf(graph, delta)));
    const term = linear(along.width < width ? along.mul(width) : along.sum());
    reader.score = reader.score === undefined ? term : plus(graph, reader.score, term);
  }
}
