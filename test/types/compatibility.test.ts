import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const imports = `import { arm, batched, bernoulli, categorical, differentiable, disarm, entropy, enumerate, expectation, expression, given, gradient, kl, key, network, normal, pathwise, scoreFunction, sinkhorn, sinkhornSteps, uniform } from "../../../src/index.ts";
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
  ["sinkhorn({ cost: new Float64Array(4), rowMarginals: new Float32Array(2) }, { rows: 2, columns: 2, regularization: 1 });", "No overload matches this call"],
  ["sinkhorn({ cost: new Float64Array(4), logits: new Float64Array(4) }, { rows: 2, columns: 2, regularization: 1 });", "No overload matches this call"],
  ["sinkhorn({ logits: new Float64Array(4) }, { rows: 2, columns: 2, temperature: 1 }).pullback({ plan: new Float64Array(4) }).cost;", "Property 'cost' does not exist on type"],
  ["sinkhorn({ logits: new Float32Array(4) }, { rows: 2, columns: 2, temperature: 1 }).pullback({ plan: new Float64Array(4) });", "Type 'Float64Array<ArrayBuffer>' is not assignable to type 'Float32Array<ArrayBuffer>'"],
];

const accepted = `
gradient(expectation(normal(3), slopes), pathwise(), { samples: 2 }).estimate({ mean: new Float64Array(3), logScale: new Float64Array(3) }, at).gradient.logScale.reduce((a, b) => a + b);
gradient(expectation(normal(3), slopes), pathwise(), { samples: 2, precision: "f32" }).estimate({ mean: new Float32Array(3), logScale: new Float32Array(3) }, at).gradient.mean.map(Math.fround);
const decoder = expression((z, { W }) => z.matmul(W).sum(), { W: [2, 5] });
const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [4, 2] }, { u: 4 });
const elbo = gradient(expectation(given(bernoulli(2), encoder), decoder, { minus: kl({ logits: new Float64Array(2) }), plus: entropy() }), disarm(), { samples: 2 });
const estimate = elbo.estimate({ U: new Float64Array(8), W: new Float64Array(10) }, at, { context: { u: new Float64Array(4) } });
const both: Float64Array[] = [estimate.gradient.U, estimate.gradient.W, estimate.standardError.logits];
const matched = sinkhorn({ logits: new Float32Array(4) }, { rows: 2, columns: 2, temperature: 1 });
const singles: Float32Array[] = [matched.plan(), matched.pullback({ plan: new Float32Array(4) }).temperature, matched.rowPotentials];
async function last(): Promise<Float64Array | undefined> {
  for await (const { transport } of sinkhornSteps({ cost: new Float64Array(4) }, { rows: 2, columns: 2, regularization: 1, every: 5 })) return transport().pullback({ objective: new Float64Array(1) }).cost;
  return undefined;
}
export { both, last, singles };
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
