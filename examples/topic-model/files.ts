import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { attempt, refusal } from "./refusal.ts";

export interface TextFile {
  /** Relative to the folder, with forward slashes: the same name on every system. */
  readonly name: string;
  readonly text: string;
}

const project = fileURLToPath(new URL("../../", import.meta.url));
const licence = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i;
const generated = new Set(["dist", "build", "coverage"]);

/** Every text and Markdown file under the folder; one that cannot be read ends the run with a sentence. */
export function filesIn(folder: string): TextFile[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw refusal(`there is no folder "${folder}".`);
  const found = paths(folder, /\.(md|markdown|mdx|txt|text|rst|adoc)$/i);
  if (found.length === 0) throw refusal(`"${folder}" holds no text or Markdown files (.md, .markdown, .mdx, .txt, .text, .rst, .adoc).`);
  return found.map((path) => ({ name: named(folder, path), text: read(path) }));
}

/** The Markdown documents of this project and of the packages installed with it, without licences. What is no text is left out. */
export function ownFiles(): TextFile[] {
  const found = paths(project, /\.md$/i).filter((path) => !licence.test(named(project, path)));
  return found.flatMap((path) => {
    try {
      return [{ name: named(project, path), text: read(path) }];
    } catch {
      return [];
    }
  });
}

function named(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

/** Sorted by code unit, not by locale: the order is part of the result. Folders that begin with a dot are not looked into. */
function paths(folder: string, wanted: RegExp): string[] {
  const entries = attempt("read", folder, () => readdirSync(folder, { withFileTypes: true }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    if (entry.name.startsWith(".")) return [];
    const path = join(folder, entry.name);
    // The project's own node_modules may be a link; links inside it may go round in circles.
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && entry.name === "node_modules");
    if (isFolder) return generated.has(entry.name) && folder === project ? [] : paths(path, wanted);
    return wanted.test(entry.name) ? [path] : [];
  });
}

function read(path: string): string {
  const bytes = attempt("read", path, () => readFileSync(path));
  if (bytes.includes(0)) throw refusal(`"${path}" is binary, not text: it holds a zero byte.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refusal(`"${path}" is not text in UTF-8.`);
  }
}
