import { type Shapes, volume } from "../vocabulary/distribution.ts";
import { placeLanes } from "./lanes.ts";
import { type Lowering, placeOf, type Sources } from "./lowering.ts";
import type { Node } from "./node.ts";
import { NodeMap } from "./node-map.ts";
import { NOWHERE, type Program } from "./program.ts";
import { rows } from "./rows.ts";
import { rootOf, schedule } from "./schedule.ts";
import { placeUniform } from "./uniforms.ts";

/** A node whose values leave the tape. */
export interface Result {
  readonly node: Node;
  /** Where to: lanes are written `[rows, width]`; what is one for all lanes is added at `offset` numbers. */
  readonly external: string;
  readonly offset: number;
}

/**
 * The nodes that the results need, as instructions on rows.
 *
 * Rows are given out by a linear scan over the lifetimes, in place where an entry-by-entry operation is the last use of its input
 * (Poletto & Sarkar 1999), so memory follows what is alive at once and not the length of the trace.
 */
export function lower(results: readonly Result[], sources: Sources): Program {
  const plan = schedule(results.map(({ node }) => node));
  const lowering: Lowering = {
    before: [], body: [], after: [], frame: rows(), places: new NodeMap(results[0]?.node), splats: new NodeMap(results[0]?.node), sources, plan, offsets: offsetsOf(sources.params), constants: [], scalars: new Map(), pool: 0, single: 0,
  };
  const leaving = new Map<Node, Result[]>();
  for (const result of results) leaving.set(result.node, [...(leaving.get(result.node) ?? []), result]);
  for (const [position, node] of plan.order.entries()) {
    if (node.uniform) placeUniform(lowering, node);
    else placeLanes(lowering, node, position);
    for (const result of leaving.get(node) ?? []) leave(lowering, result);
    if (!node.uniform) retire(lowering, node, position);
  }
  const { before, body, after, frame, pool, constants } = lowering;
  return { before, body, after, rows: frame.height, pool, constants };
}

function offsetsOf(params: Shapes): ReadonlyMap<string, number> {
  let at = 0;
  return new Map(Object.entries(params).map(([name, shape]) => [name, (at += volume(shape)) - volume(shape)]));
}

/** Rows whose last use this was are free again. */
function retire(lowering: Lowering, node: Node, position: number): void {
  const { last, inputs } = lowering.plan;
  const taken = lowering.places.get(rootOf(node))?.at;
  const free = (x: Node): void => {
    const root = rootOf(x);
    const place = lowering.places.get(root);
    if (root.uniform || last.get(root) !== position || place === undefined) return;
    lowering.places.delete(root);
    if (root === rootOf(node) || place.at !== taken) lowering.frame.release(place.at, root.width);
  };
  free(node);
  for (const x of inputs(node)) free(x);
}

function leave(lowering: Lowering, { node, external, offset }: Result): void {
  const from = placeOf(lowering, node);
  if (!node.uniform) lowering.body.push({ op: "unpack", count: 0, width: node.width, out: NOWHERE, inputs: [{ from, stride: "row", splat: false }], external });
  else lowering.after.push({ op: "accumulate", count: node.size, width: 1, out: NOWHERE, inputs: [{ from, stride: 0, splat: false }], external, detail: offset });
}
