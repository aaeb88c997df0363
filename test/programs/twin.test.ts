import { expect, test } from "vitest";
import { instance } from "../../src/core/core.ts";
import { type Draw, key, type Node, program, where } from "../../src/index.ts";
import { called } from "../../src/programs/arguments.ts";
import { directional } from "../../src/programs/directional.ts";
import { type Compiled, withMachine } from "../../src/programs/machine.ts";
import { triple } from "../../reference/programs/triple.ts";

const core = instance({});
const LANES = [0, 1, 15, 16, 17, 700, 1023, 1024, 1030];
const at = key("twin");

const programs: Record<string, readonly [(p: Node, draw: Draw) => Node, number]> = {
  "the walk": [
    (p, draw) => {
      let n = draw.constant(0);
      for (let i = 1; i <= 40; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / 80).add(1))));
      return n;
    },
    0.5,
  ],
  "draws of every discrete kind in a chain": [
    (p, draw) => {
      const g = draw.geometric(p);
      const b = draw.binomial(g.add(4), p.neg().add(0.9));
      const r = draw.poisson(b.add(p));
      const c = draw.categorical(p.square().concatenate(0, p.div(2), p.square().add(p.div(2)).neg().add(1)));
      const f = draw.bernoulli(p.mul(where(r.gt(b), 0.5, 0.9)));
      return draw.constant([1, -2, 0.5, 4]).at(c).mul(r).add(g.mul(f)).add(b.square().mul(p)).sub(r.maximum(c).mul(f.add(1)));
    },
    0.4,
  ],
};

test.each(Object.keys(programs).flatMap((name) => ["pruned", "aggressive"].map((method) => [name, method] as const)))("%s is what its twin makes of the same words, %s", (name, method) => {
  const [body, p] = programs[name]!;
  if (name !== "the walk" && method === "pruned") method = "aggressive"; // with several rows alive the core may keep what the twin forgets
  const call = called("test", program<"p">((names, draw) => body(names.p, draw)), { p }, "f64");
  const run = <R>(compiled: Compiled, use: (results: Readonly<Record<string, ArrayLike<number>>>) => R): R => withMachine(core, call, compiled, at, 1040, [1], (machine) => use(machine.run(0, 1040)));
  run(directional(call, method as "pruned", "p"), ({ value, derivative }) => {
    for (const lane of LANES) {
      const twin = triple(call.trace.result, p, at, lane, method === "pruned");
      const wanted = twin.delta + twin.jump * twin.weight;
      expect(value![lane], `lane ${lane}`).toBeCloseTo(twin.value, 9);
      expect(derivative![lane]! / (Math.abs(wanted) + 1), `lane ${lane}`).toBeCloseTo(wanted / (Math.abs(wanted) + 1), 6);
    }
  });
});
