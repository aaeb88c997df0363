import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Checkpoint } from "gradex";
import { attempt } from "./refusal.ts";
import type { Topic } from "./topics.ts";
import type { Point } from "./train.ts";

/** A run that is done. */
export interface Result {
  readonly name: string;
  readonly points: readonly Point[];
  readonly seconds: number;
  readonly topics: readonly Topic[];
}

/** A run at its last measurement. */
export interface Unfinished {
  readonly points: readonly Point[];
  readonly seconds: number;
  readonly checkpoint: Checkpoint;
}

/** The comparison so far. */
export interface Saved {
  /** Of the data and the options: other ones start anew. */
  readonly fingerprint: string;
  readonly results: readonly Result[];
  readonly unfinished?: Unfinished;
}

/** What was saved of this very comparison; nothing, if that cannot be read. */
export function load(path: string, fingerprint: string): Saved {
  try {
    const saved = JSON.parse(readFileSync(path, "utf8")) as Saved;
    if (saved.fingerprint === fingerprint) return saved;
  } catch {
    // No checkpoint, or one cut short by an older crash: both mean a fresh start.
  }
  return { fingerprint, results: [] };
}

/** Under another name first: a run that is killed meanwhile leaves the checkpoint before whole. */
export function save(path: string, saved: Saved): void {
  attempt("write", path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(saved));
    renameSync(`${path}.new`, path);
  });
}

export function forget(path: string): void {
  rmSync(path, { force: true });
}
