import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Where the package is proved to run. */
export interface Runtime {
  readonly name: string;
  /** Runs the program of a user (`consumer.ts`) and gives what it printed. Throws a sentence with the cure where the runtime cannot be had. */
  readonly run: (folder: string) => Promise<string>;
}

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** What a command prints; what went wrong, with what it said, if it fails. */
export function printed(command: string, parameters: readonly string[], folder: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...environment }, timeout: 120_000 };
  return new Promise((resolve, reject) => {
    execFile(command, parameters, options, (error, out, complaint) => {
      if (error === null) resolve(out.trim());
      else reject(new Error(`${command} ${parameters.join(" ")}: ${error.code}\n${out}\n${complaint}`));
    });
  });
}
