import { readFileSync, statSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import type { ColdStart } from "./cold-start.ts";
import type { Judged } from "./goals.ts";
import type { Against, Measurement } from "./measure.ts";

/** A run: where, what, and how fast. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Bytes of the built core. */
  readonly size: number;
  readonly rounds: number;
  readonly measurements: readonly Measurement[];
  readonly coldStarts: readonly ColdStart[];
  readonly goals: readonly Judged[];
}

const inPackage = (path: string): URL => new URL(`../${path}`, import.meta.url);
const versionOf = (path: string): string => (JSON.parse(readFileSync(inPackage(path), "utf8")) as { version: string }).version;

export function surroundings(peers: Readonly<Record<string, string>>): Pick<Report, "date" | "machine" | "load" | "versions" | "size"> {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, ${process.platform} ${process.arch}`,
    load: loadavg()[0]!,
    versions: {
      gradex: versionOf("package.json"),
      node: process.versions.node,
      v8: process.versions.v8,
      assemblyscript: versionOf("node_modules/assemblyscript/package.json"),
      benchmark: versionOf("node_modules/benchmark/package.json"),
      ...peers,
    },
    size: statSync(inPackage("build/core.wasm")).size,
  };
}

export const times = (x: number): string => `${x.toFixed(x < 10 ? 2 : 1)} ×`;
export const nanoseconds = (x: number): string => x.toFixed(x < 10 ? 2 : 1);

const ratio = ({ ratio: [low, middle, high] }: Against): string => `${times(middle)} (${low.toFixed(1)}–${high.toFixed(1)})`;

/** A table in Markdown with columns as wide as their widest cell. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

export function measured(measurements: readonly Measurement[]): string {
  const peers = [...new Set(measurements.flatMap((one) => Object.keys(one.peers)))];
  const rows = measurements.flatMap((one) => [
    [one.name, nanoseconds(one.kernel), nanoseconds(one.twin.nanoseconds), ratio(one.twin), ...peers.map((peer) => (one.peers[peer] ? ratio(one.peers[peer]) : ""))],
    ...Object.entries(one.parts).map(([part, time]) => [`– ${part}`, nanoseconds(time), "", "", ...peers.map(() => "")]),
  ]);
  return table(["ns an element", "gradex", "plain TypeScript", "faster (quartiles)", ...peers.map((peer) => `than ${peer}`)], rows);
}

export function goalsMet(goals: readonly Judged[]): string {
  const rows = goals
    .filter((goal) => goal.measured !== undefined)
    .map(({ workload, precision, against, goal, measured, met }) => {
      const time = against === "nanoseconds" ? "ns" : against === "milliseconds" ? "ms" : undefined;
      const show = (x: number): string => (time === undefined ? times(x) : `${x.toFixed(2)} ${time}`);
      return [`${workload}${precision ? `, ${precision}` : ""}`, time ?? against, `${time ? "≤" : "≥"} ${show(goal)}`, show(measured!), met === true ? "met" : "not met"];
    });
  return table(["goal", "against", "at", "measured", ""], rows);
}

export function heading(report: Report): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${report.date}, ${report.machine}, load ${report.load.toFixed(1)}`,
    `${versions.join(", ")}; core ${(report.size / 1024).toFixed(1)} KiB`,
    `medians of ${report.rounds} interleaved rounds; "faster" is the median over the rounds of twin time / kernel time`,
  ].join("\n");
}
