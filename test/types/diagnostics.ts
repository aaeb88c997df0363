import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** What the compiler says of each text, a module of its own, by its index; under "" what it says of any other file. */
export function diagnose(texts: readonly string[]): Map<number | "", string> {
  const folder = mkdtempSync(resolve("test/types/tmp-"));
  try {
    texts.forEach((text, i) => writeFileSync(join(folder, `case-${i}.ts`), `${text}\nexport {};\n`));
    const compilerOptions = { noEmit: true, noUnusedLocals: false, rootDir: "../../..", types: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../../tsconfig.json", compilerOptions, include: ["*.ts", "../../../src/wasm/wasm.d.ts"] }));
    return byCase(said(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function said(folder: string): string {
  try {
    execFileSync(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"], { encoding: "utf8" });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function byCase(output: string): Map<number | "", string> {
  const diagnostics = new Map<number | "", string>();
  for (const one of output.split(/^(?=\S)/m).filter((text) => text !== "")) {
    const found = /case-(\d+)/.exec(one)?.[1];
    const file = found === undefined ? "" : Number(found);
    diagnostics.set(file, (diagnostics.get(file) ?? "") + one);
  }
  return diagnostics;
}
