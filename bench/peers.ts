import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The same workloads in other libraries, timed by a process that waits for its turn. */
export interface Peers {
  /** Which of them know the case. */
  knowing(name: string): Promise<readonly string[]>;
  /** Nanoseconds an element, of one short run. */
  time(peer: string, name: string): Promise<number>;
  close(): void;
}

const nobody: Peers = { knowing: async () => [], time: async () => Number.NaN, close: () => {} };

/** Speaks with bench/peers/python.py: a line of JSON there, a line of JSON back. */
export function peers(wanted: boolean): Peers {
  if (!wanted) return nobody;
  const python = spawn("python3", [fileURLToPath(new URL("peers/python.py", import.meta.url))], { stdio: ["pipe", "pipe", "ignore"] });
  python.on("error", () => {}); // no python: its answers end, and nobody knows any case
  python.stdin.on("error", () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<unknown> => {
    python.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    return done === true ? undefined : (JSON.parse(value) as unknown);
  };
  return {
    knowing: async (name) => ((await ask({ name })) as string[] | undefined) ?? [],
    time: async (peer, name) => (await ask({ name, peer })) as number,
    close: () => python.kill(),
  };
}

/** Versions of the peers at hand; empty without python or without any of them. */
export async function peerVersions(): Promise<Readonly<Record<string, string>>> {
  const python = spawn("python3", [fileURLToPath(new URL("peers/python.py", import.meta.url)), "--versions"], { stdio: ["ignore", "pipe", "ignore"] });
  python.on("error", () => {});
  for await (const line of createInterface({ input: python.stdout })) return JSON.parse(line) as Record<string, string>;
  return {};
}
