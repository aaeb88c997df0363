import { parseArgs } from "node:util";
import { refusal } from "./refusal.ts";

export interface Options {
  /** Undefined: the project's own documents. */
  readonly folder: string | undefined;
  readonly topics: number;
  readonly steps: number;
  readonly seed: number;
  readonly report: string;
  readonly fresh: boolean;
  readonly help: boolean;
}

export const usage = `npm start -- [folder] [options]

Trains a topic model on the text and Markdown files of a folder (unless given: the documents of this project and of the
packages installed with it), once for each of five gradient estimators, and writes a report.

  --topics <k>      topics of the model (16)
  --steps <n>       steps of each run (1000)
  --seed <n>        another seed, other random numbers (7)
  --report <file>   where the report goes (report.html)
  --fresh           start anew, whatever an interrupted run has saved
  --help            this text
`;

/** @throws a sentence for an option that is unknown or not a number in its range */
export function options(from: readonly string[]): Options {
  const { values, positionals } = parsed(from);
  if (positionals.length > 1) throw refusal(`one folder at a time, got ${positionals.length}: ${positionals.join(", ")}.`);
  const whole = (name: "topics" | "steps" | "seed", fallback: number, least: number, most: number): number => {
    const value = Number(values[name] ?? fallback);
    if (!Number.isInteger(value) || value < least || value > most) throw refusal(`--${name} expected a whole number in ${least} … ${most}, got "${values[name]}".`);
    return value;
  };
  return {
    folder: positionals[0],
    topics: whole("topics", 16, 1, 256),
    steps: whole("steps", 1000, 1, 1_000_000),
    seed: whole("seed", 7, 0, 2 ** 32),
    report: values.report ?? "report.html",
    fresh: values.fresh ?? false,
    help: values.help ?? false,
  };
}

function parsed(from: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({ args: [...from], allowPositionals: true, options: { topics: text, steps: text, seed: text, report: text, fresh: flag, help: flag } });
  } catch (error) {
    throw refusal(`${(error as Error).message.replace(/\.? To specify.*$/s, "")}. npm start -- --help lists the options.`);
  }
}
