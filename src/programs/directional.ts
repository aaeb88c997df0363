import type { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";
import { volume } from "../vocabulary/distribution.ts";
import type { Call } from "./arguments.ts";
import { interpret, type Interpretation } from "./interpret.ts";
import { type Compiled, compiled, SEED } from "./machine.ts";
import { type Method, READINGS } from "./methods.ts";
import { remembered, type Trace } from "./program.ts";

/** Of a program without parameters, too: it has a value at least. */
function shapeOf({ shapes }: Trace, name: string): readonly number[] {
  return shapes[name] ?? [1];
}

/** Reads a program by a method, along one of its parameters. */
function along({ caller, trace }: Call, method: Method, name: string): Interpretation {
  const shape = shapeOf(trace, name);
  const seed = (graph: Graph, parameter: Node): Node | undefined => {
    if (parameter.detail.name !== name) return undefined;
    return volume(shape) === 1 && shape.length === 1 ? graph.constant([1]) : graph.parameter(SEED, shape);
  };
  return interpret(trace.result, { ...READINGS[method], caller }, method === "differences" ? () => undefined : seed);
}

/** What a method needs of each lane: the value, what the derivative is made of, and the score. */
export function directional(call: Call, method: Method, name: string): Compiled {
  const { trace } = call;
  return remembered(trace, `${method} ${name}`, () => {
    const read = along(call, method, name);
    return compiled({ value: read.value, derivative: contribution(read), ...(read.score && { score: lanes(read.score) }) }, { ...trace.shapes, [SEED]: shapeOf(trace, name) });
  });
}

/** δ + Δ · w */
function contribution({ value: { graph }, delta, jump, weight }: Interpretation): Node {
  const jumped = jump?.mul(weight!);
  if (delta !== undefined && jumped !== undefined) return lanes(jumped.add(delta));
  return lanes(jumped ?? delta ?? graph.constant([0]));
}

/** The parts of a triple one by one. */
export function parts(call: Call, name: string): Compiled {
  const { trace } = call;
  return remembered(trace, `parts ${name}`, () => {
    const { value, delta, jump, weight } = along(call, "pruned", name);
    const zero = value.graph.constant([0]);
    // Where nothing jumps, the weight says nothing.
    return compiled({ value, delta: lanes(delta ?? zero), perturbation: lanes(jump ?? zero), weight: lanes(jump?.where(weight!, 0) ?? zero) }, { ...trace.shapes, [SEED]: shapeOf(trace, name) });
  });
}

const lanes = (node: Node): Node => node.graph.lanes(node);
