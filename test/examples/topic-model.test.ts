import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { key } from "../../src/index.ts";

const main = fileURLToPath(new URL("../../examples/topic-model/main.ts", import.meta.url));
const themes = ["river water fish bridge boat flood bank stream", "oven bread flour yeast dough crust baker salt", "orbit planet comet rocket moon gravity telescope crater"];
const letters = [..."abcdefghijklmnopqrstuvwxy"];
/** Two hundred invented words a theme: rivera, riverb … */
const words = themes.map((stems) => stems.split(" ").flatMap((stem) => letters.map((letter) => stem + letter)));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

let root: string;
let texts: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gradex-topics-"));
  texts = folder("texts", Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${String(i).padStart(2, "0")}.md`, generated(i)])));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Eighty words on one of the themes, an eighth of them from the next one. */
function generated(document: number): string {
  const chosen = key("generated").fold(document).split(80).map(({ low, high }) => {
    const theme = words[(document + (high % 8 === 0 ? 1 : 0)) % words.length]!;
    return theme[low % theme.length]!;
  });
  return `# Number ${document}\n\n${chosen.join(" ")}.\n`;
}

function folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = join(root, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  return path;
}

/** Runs the example in a working folder of its own: there its report and its checkpoint go. */
function run(at: string, ...args: readonly string[]): Promise<Outcome> {
  mkdirSync(at, { recursive: true });
  return new Promise((done) => {
    execFile(process.execPath, [main, ...args], { cwd: at }, (failure, out, error) => done({ code: failure ? Number(failure.code) : 0, out, error }));
  });
}

/** The same, but interrupted as by Ctrl-C once it has said `after`. */
function interrupted(at: string, after: RegExp, ...args: readonly string[]): Promise<Outcome> {
  mkdirSync(at, { recursive: true });
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: at });
    let [out, error] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => {
      error += text;
      if (after.test(error)) child.kill("SIGINT");
    });
    child.on("close", (code) => done({ code, out, error }));
  });
}

/** What a run prints in the end, without its seconds and the place of the report. */
function numbers(out: string): string {
  return out.slice(out.indexOf("Topics, as"), out.indexOf("The report is")).replace(/ +\d+\.\d$/gm, "");
}

describe("the topic model", () => {
  it("trains by five estimators and writes a report that needs nothing else", async () => {
    const at = join(root, "whole");
    const { code, out, error } = await run(at, texts, "--steps", "40", "--topics", "4");
    expect(error).toContain("DisARM");
    expect(code).toBe(0);
    for (const name of ["no baseline", "moving average", "learned C(x)", "leave-one-out", "DisARM", "no topics"]) expect(out).toMatch(new RegExp(`^${name.replace(/[()]/g, "\\$&")} +-\\d`, "m"));
    const page = readFileSync(join(at, "report.html"), "utf8");
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/https?:|src=|href=|@import|url\(/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(existsSync(join(at, ".checkpoint/topic-model.json"))).toBe(false);
  });

  it("resumes after Ctrl-C and ends in the numbers of a run that was never interrupted", async () => {
    const args = [texts, "--steps", "120", "--topics", "4"];
    const at = join(root, "resumed");
    const first = await interrupted(at, /learned C\(x\) +25%/, ...args);
    expect(first.code).toBe(130);
    expect(first.out).toContain("The same command goes on from here.");
    const second = await run(at, ...args);
    expect(second.out).toContain("Going on where it was interrupted: 2 of 5 runs are done.");
    const whole = await run(join(root, "uninterrupted"), ...args);
    expect(numbers(second.out)).toBe(numbers(whole.out));
    expect(numbers(second.out)).toContain("DisARM");
  });

  it("does not resume a run that had other options", async () => {
    const at = join(root, "other");
    await interrupted(at, /moving average +25%/, texts, "--steps", "200", "--topics", "3");
    const { out } = await run(at, texts, "--steps", "20", "--topics", "3");
    expect(out).not.toContain("Going on");
  });

  const failures: readonly [string, () => readonly string[], string][] = [
    ["a folder that is not there", () => [join(root, "nowhere")], `there is no folder "`],
    ["an empty folder", () => [folder("empty", {})], "holds no text or Markdown files"],
    ["a binary file", () => [folder("binary", { "a.md": new Uint8Array([80, 75, 0, 3]) })], "is binary, not text: it holds a zero byte."],
    ["a file in another encoding", () => [folder("latin", { "a.txt": new Uint8Array([0x63, 0x61, 0x66, 0xe9]) })], "is not text in UTF-8."],
    ["a file that cannot be read", () => [linked()], "it is not there, or a link to nothing."],
    ["too few documents", () => [folder("few", { "a.md": "one", "b.md": "two" })], "2 different documents are too few: a topic model needs at least 20."],
    ["documents that say too little", () => [folder("short", Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`${i}.md`, `river ${i}`])))], "too few, at least 30 + 2 are needed."],
    ["an option that is not known", () => ["--tpoics", "3"], "npm start -- --help lists the options."],
    ["a number out of range", () => ["--steps", "0"], `--steps expected a whole number in 1 … 1000000, got "0".`],
  ];
  it.each(failures)("fails with one sentence on %s", async (name, args, sentence) => {
    const { code, out, error } = await run(join(root, `failing on ${name}`), ...args());
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(error).toContain(sentence);
    expect(error.trim().split("\n")).toHaveLength(1);
    expect(error).toMatch(/^topic-model: /);
  });
});

function linked(): string {
  const path = folder("linked", {});
  symlinkSync(join(path, "gone"), join(path, "a.md"));
  return path;
}
