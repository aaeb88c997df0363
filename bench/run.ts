/**
 * `node bench/run.ts [word…] [--rounds n] [--quick] [--peers] [--json file]`: every case whose name or group contains one of the words,
 * each in a process of its own; then the goals. The core must be built: `npm run bench` does both.
 *
 *   --rounds n    interleaved rounds of kernel and twin, 11 unless given
 *   --quick       3 rounds, for a look
 *   --peers       numpy too, and torch, where python3 can import them
 *   --json file   instead of bench/results/<date>-<node>.json
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { coldStarts, sentence } from "./cold-start.ts";
import { judge } from "./goals.ts";
import { groups } from "./groups.ts";
import type { Measurement } from "./measure.ts";
import { peerVersions } from "./peers.ts";
import { goalsMet, heading, measured, nanoseconds, type Report, surroundings, times } from "./report.ts";

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "11" }, quick: { type: "boolean", default: false }, peers: { type: "boolean", default: false }, json: { type: "string" } },
});
const rounds = options.quick ? 3 : Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`bench: "--rounds" expected an integer >= 1, got ${options.rounds}`);
const wanted = (...names: string[]): boolean => words.length === 0 || words.some((word) => names.some((name) => name.includes(word)));

// Without its middle compiler V8 keeps the twins' best code; with it, a loop that runs rarely and long may be left in code that boxes each draw: 14 ns, not 2.9.
const steady = "--no-maglev";

function alone(group: string, name: string): Measurement | undefined {
  const program = fileURLToPath(new URL("measure.ts", import.meta.url));
  const child = spawnSync(process.execPath, [steady, program, group, name, String(rounds), ...(options.peers ? ["peers"] : [])], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return child.status === 0 ? (JSON.parse(child.stdout) as Measurement) : undefined;
}

const measurements: Measurement[] = [];
const versions = options.peers ? await peerVersions() : {};
if (options.peers && Object.keys(versions).length === 0) console.error("No peers: python3 cannot import numpy (on Debian: apt install python3-numpy).");
const here = surroundings(versions);
for (const [group, load] of Object.entries(groups)) {
  for (const { name } of (await load()).cases) {
    if (!wanted(name, group)) continue;
    const measurement = alone(group, name);
    if (measurement === undefined) {
      process.exitCode = 1;
      continue;
    }
    measurements.push(measurement);
    console.error(`${name}: ${nanoseconds(measurement.kernel)} ns, ${times(measurement.twin.ratio[1])}`);
  }
}
const starts = wanted("cold start") ? coldStarts() : [];
const report: Report = { ...here, rounds, measurements, coldStarts: starts, goals: judge(measurements, starts) };

console.log(`${heading(report)}\n\n${measured(measurements)}\n`);
for (const start of starts) console.log(sentence(start));
console.log(`\n${goalsMet(report.goals)}`);

const file = options.json ?? fileURLToPath(new URL(`results/${here.date}-${process.version}.json`, import.meta.url));
writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
