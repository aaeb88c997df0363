import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const imports = `import { arm, batched, bernoulli, categorical, differentiable, disarm, entropy, enumerate, expectation, expression, given, gradient, kl, key, network, normal, pathwise, program, programGradient, run, scoreFunction, uniform } from "../../../src/index.ts";
const values = batched(() => {});
const slopes = differentiable(() => {});
const at = key(1);
`;

const refused: readonly [string, string][] = [
  ["gradient(expectation(bernoulli(3), slopes), pathwise(), { samples: 2 });", "Property 'path' is missing in type 'Bernoulli' but required in type 'Reparameterizable'"],
  ["gradient(expectation(normal(3), values), pathwise(), { samples: 2 });", "Property 'differentiable' is missing in type 'Integrand' but required in type 'Differentiable'"],
  ["gradient(expectation(normal(3), values), disarm(), { samples: 2 });", "Property 'antithetic' is missing in type 'Normal' but required in type 'Binary'"],
  ["gradient(expectation(categorical(3), values), arm(), { samples: 2 });", "Property 'antithetic' is missing in type 'Categorical' but required in type 'Binary'"],
  ["gradient(expectation(normal(3), values), enumerate(), { samples: 2 });", "Property 'support' is missing in type 'Normal' but required in type 'Finite'"],
  ["gradient(expectation(uniform(3), values), scoreFunction(), { samples: 2 });", "Property 'score' is missing in type 'Uniform' but required in type 'Scored'"],
  ["gradient(expectation(bernoulli(3), values), disarm(), { samples: 2 }).estimate({ mean: new Float64Array(3) }, at);", "'mean' does not exist in type"],
  ["gradient(expectation(bernoulli(3), values), disarm(), { samples: 2 }).estimate({ logits: new Float32Array(3) }, at);", "Type 'Float32Array<ArrayBuffer>' is not assignable to type 'Float64Array<ArrayBufferLike>'"],
  ["gradient(expectation(normal(3), values), scoreFunction(), { samples: 2 }).estimate({ mean: new Float64Array(3) }, at);", "Property 'logScale' is missing"],
  ["gradient(expectation(bernoulli(3), values), disarm(), { sample: 2 });", "'sample' does not exist in type"],
  ["program<\"p\">(({ p }, draw) => draw.normal(p, 1, disarm()));", "ForDraws<\"disarm\">' is not assignable to parameter of type 'ForDraws<"],
  ["program<\"p\">(({ p }, draw) => draw.bernoulli(p, pathwise()));", "ForDraws<\"pathwise\">' is not assignable to parameter of type 'ForDraws<"],
  ["program<\"p\">(({ p }, draw) => draw.bernoulli(p, arm()));", "Property 'onDraws' is missing in type 'Estimator<Binary, Integrand, \"expectation\">'"],
  ["run(program(({ p, x }, draw) => draw.normal(p, 1).mul(x), { p: [1] }, { x: 1 }), { p: 1 }, at, { lanes: 2 });", "Property 'x' is missing in type"],
  ["programGradient(program(({ p }, draw) => draw.normal(p, 1), { p: [1] }), { samples: 2 }).estimate({ q: new Float64Array(1) }, at);", "'q' does not exist in type"],
];

const accepted = `
gradient(expectation(normal(3), slopes), pathwise(), { samples: 2 }).estimate({ mean: new Float64Array(3), logScale: new Float64Array(3) }, at).gradient.logScale.reduce((a, b) => a + b);
gradient(expectation(normal(3), slopes), pathwise(), { samples: 2, precision: "f32" }).estimate({ mean: new Float32Array(3), logScale: new Float32Array(3) }, at).gradient.mean.map(Math.fround);
const decoder = expression((z, { W }) => z.matmul(W).sum(), { W: [2, 5] });
const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [4, 2] }, { u: 4 });
const elbo = gradient(expectation(given(bernoulli(2), encoder), decoder, { minus: kl({ logits: new Float64Array(2) }), plus: entropy() }), disarm(), { samples: 2 });
const estimate = elbo.estimate({ U: new Float64Array(8), W: new Float64Array(10) }, at, { context: { u: new Float64Array(4) } });
const both: Float64Array[] = [estimate.gradient.U, estimate.gradient.W, estimate.standardError.logits];
const flips = programGradient(program(({ p, x }, draw) => draw.bernoulli(p, disarm()).add(draw.categorical(p, enumerate())).mul(draw.normal(x, 1, scoreFunction())), { p: [1] }, { x: 1 }), { samples: 2, precision: "f32" });
const single: Float32Array = flips.estimate({ p: new Float32Array(1) }, at, { context: { x: new Float32Array(1) } }).gradient.p;
export { both, single };
`;

let folder: string;
let diagnostics: Map<string, string>;

beforeAll(() => {
  folder = mkdtempSync(resolve("test/types/tmp-"));
  const files = [...refused.map(([code]) => imports + code), imports + accepted];
  files.forEach((code, i) => writeFileSync(join(folder, `case-${i}.ts`), `${code}\nexport {};\n`));
  const compilerOptions = { noEmit: true, noUnusedLocals: false, rootDir: "../../..", types: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../../tsconfig.json", compilerOptions, include: ["*.ts", "../../../src/wasm/wasm.d.ts"] }));
  let said = "";
  try {
    execFileSync(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"], { encoding: "utf8" });
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
  diagnostics = new Map();
  for (const one of said.split(/^(?=\S)/m).filter((text) => text !== "")) {
    const file = /case-\d+/.exec(one)?.[0] ?? "";
    diagnostics.set(file, (diagnostics.get(file) ?? "") + one);
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe("the compiler", () => {
  it.each(refused.map(([code, message], i) => [code, message, `case-${i}`] as const))("refuses %s", (_, message, file) => {
    expect(diagnostics.get(file)).toContain(message);
  });

  it("accepts what fits, and knows the arrays that come back", () => {
    expect(diagnostics.get(`case-${refused.length}`)).toBeUndefined();
    expect(diagnostics.get("")).toBeUndefined();
  });
});
