import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./runtimes/runtime.ts";

const sources = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).map(normalize).filter((path) => !/\.base64\.ts$|\.d\.ts$/.test(path)).sort();
const text = (path: string): string => readFileSync(join(root, path), "utf8");
/** Code without its comments. */
const code = (path: string): string => text(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

const library = sources("src/**/*.ts");

/**
 * Who may import whom: from the lowest layer to the highest, each the files it is made of. A file imports from its own layer and
 * from those below; types may come from anywhere, because they leave no trace in what runs.
 */
const LAYERS: readonly (readonly [name: string, files: RegExp])[] = [
  ["errors and keys", /^src\/(errors|key)\.ts$/],
  ["core", /^src\/(core|wasm)\//],
  ["vocabulary", /^src\/(vocabulary\/|(parameters|fingerprint|estimate|pool|merge)\.ts)/],
  ["families and integrands", /^src\/(distributions\/|noise\/|tape\/|programs\/|optimizers\/|transport\/|(integrand|expectation|importance-bound|given|exact|sample|closed-form)\.ts)/],
  ["baselines", /^src\/baselines\//],
  ["estimators", /^src\/estimators\//],
  ["drivers", /^src\/((driver|telemetry|replay|triples|backward)\/|(cures|divergence|gradient|optimization|minimize|sinkhorn|soft-sort)\.ts)/],
  ["advice", /^src\/advice\//],
  ["library", /^src\/library\.ts$/],
  ["entries", /^src\/(api|index(\.\w[\w-]*)?)\.ts$/],
];

const layerOf = (path: string): number => LAYERS.findIndex(([, files]) => files.test(path));

/** Modules that a file needs when it runs. */
function imported(path: string): readonly string[] {
  const values = code(path).matchAll(/^(?:import|export)\s+(?!type\b)(?:\{([^}]*)\}|\*(?: as \w+)?|[\w*{}, ]+?)\s+from\s+"(\.[^"]*)"/gm);
  return [...values].filter(([, names]) => names === undefined || names.split(",").some((name) => name.trim() && !/^\s*type\s/.test(name))).map(([, , target]) => normalize(join(dirname(path), target!))).filter((target) => target.endsWith(".ts"));
}

describe("src/", () => {
  test("every file has a layer", () => {
    expect(library.filter((path) => layerOf(path) < 0)).toEqual([]);
  });

  test("imports point downwards", () => {
    const upward = library.flatMap((path) => imported(path).filter((target) => layerOf(target) > layerOf(path)).map((target) => `${path} → ${target}`));
    expect(upward).toEqual([]);
  });

  test("no module needs itself, however indirectly", () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, above: readonly string[]): void => {
      if (above.includes(path)) cycles.push([...above.slice(above.indexOf(path)), path].join(" → "));
      if (done.has(path) || above.includes(path)) return;
      for (const target of imported(path)) visit(target, [...above, path]);
      done.add(path);
    };
    for (const path of library) visit(path, []);
    expect(cycles).toEqual([]);
  });

  test("nothing is computed with functions whose last bit an engine may choose", () => {
    const chosen = /\bMath\.(a?(cos|sin|tan)h?|atan2|cbrt|expm?1?|hypot|log(10|1p|2)?|pow|random)\b|(?<!\b2 )\*\*/; // powers of two are exact
    const found = library.flatMap((path) => code(path).split("\n").filter((line) => chosen.test(line)).map((line) => `${path}: ${line.trim()}`));
    expect(found).toEqual([]);
  });

  test("no text becomes code, nothing is logged, no runtime is asked for by name", () => {
    const forbidden = /\beval\(|\bnew Function\b|\bconsole\.|"node:|\bprocess\.|\bDeno\.|\bBun\.|\bimport\(|\bas any\b|@ts-|\brequire\(/;
    expect(library.filter((path) => forbidden.test(code(path)))).toEqual([]);
  });

  test("nothing waits at the top of a module", () => {
    expect(library.filter((path) => /^(export const .*= )?await /m.test(code(path)))).toEqual([]);
  });
});

describe("files", () => {
  const generated = /^(assembly\/(all|modules\/\w+)|assembly\/(math\/coefficients|random\/tables)|src\/core\/kernels)\.ts$/;
  const written = sources("{src,assembly,reference}/**/*.ts").filter((path) => !generated.test(path));

  test("have at most 250 lines", () => {
    expect(written.filter((path) => text(path).split("\n").length > 251).map((path) => `${path}: ${text(path).split("\n").length - 1}`)).toEqual([]);
  });

  test("of a twin have the name of what they are the twin of", () => {
    const kernels = new Set(sources("{assembly,src}/**/*.ts").map((path) => basename(path)));
    const twins = sources("reference/{distributions,estimators,baselines,optimizers,transport,linear-algebra}/*.ts");
    expect(twins.filter((path) => !kernels.has(basename(path)))).toEqual([]);
  });
});
