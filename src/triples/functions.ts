import type { Core } from "../core/core.ts";
import { region } from "../core/region.ts";
import { derive } from "../tape/derive.ts";
import { Graph } from "../tape/graph.ts";
import { link } from "../tape/link.ts";
import { lower } from "../tape/lower.ts";
import type { Unary } from "../tape/node.ts";
import type { Program } from "../tape/program.ts";

const lowered = new Map<Unary, Program>();

/** A function of one number and its derivative there, by the tape's own rules and the core's own digits. */
export function valueAndSlope(core: Core, op: Unary, x: number): readonly [value: number, slope: number] {
  const block = region(core, "f64");
  const params = block.reserve(1);
  const [input, value, slope] = [block.reserve(1), block.reserve(1), block.reserve(1)];
  const [program] = link([programOf(op)], { region: block, params, context: {} }, 1);
  block.allocate("triples");
  try {
    input.view()[0] = x;
    program!.run(1, { x: input.at, value: value.at, slope: slope.at });
    return [value.view()[0]!, slope.view()[0]!];
  } finally {
    block.free();
  }
}

function programOf(op: Unary): Program {
  const known = lowered.get(op);
  if (known !== undefined) return known;
  const graph = new Graph("triples");
  const x = graph.input("x", 1);
  const value = graph.unary(op, x);
  const [slope] = derive([{ of: value, cotangent: graph.constant([1]) }], [x]);
  const results = [{ node: value, external: "value", offset: 0 }, { node: graph.lanes(slope ?? graph.constant([0])), external: "slope", offset: 0 }];
  const program = lower(results, { params: {}, shared: new Set(), period: () => 0 });
  lowered.set(op, program);
  return program;
}
