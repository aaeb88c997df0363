import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import type { Agent } from "./agents.ts";
import { STEPS } from "./pole.ts";
import { MASTERED, mean, type Run } from "./train.ts";

/** Episodes that one point of a curve is the mean of. */
const SMOOTH = 20;

type Drawn = Pick<Agent, "name" | "colour">;

interface Row {
  readonly estimator: string;
  readonly action: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Rewards against episodes, as one SVG file with a panel for each kind of action: the mean over the keys, and the range between their
 * quartiles. A run that mastered the pole has stopped, and counts from there on as what it had reached.
 */
export function chart(agents: readonly Drawn[], runs: readonly Run[], episodes: number): string {
  const document = new Window().document as unknown as Document;
  const rows = agents.flatMap((agent) => curve(agent, runs.filter((run) => run.agent === agent.name), episodes));
  const panels = [...new Set(rows.map(({ action }) => action))];
  const ends = rows.filter(({ x }) => x === Math.floor(episodes / SMOOTH) * SMOOTH);
  const labels = panels.flatMap((action) => ends.filter((end) => end.action === action).toSorted((a, b) => b.y - a.y).map((end, i) => ({ ...end, place: Math.min(Math.max(end.y, 24), STEPS - 12) + (i === 0 ? 8 : -8) })));
  const svg = Plot.plot({
    document,
    width: 860, height: 320, marginLeft: 44, marginRight: 104, marginTop: 40, marginBottom: 40,
    style: { fontSize: "12px", background: "white" },
    fx: { label: null, domain: panels, padding: 0.34 },
    x: { label: "episodes", domain: [0, episodes], ticks: 5 },
    y: { label: "reward of an episode", grid: true, domain: [0, STEPS] },
    color: { type: "identity" },
    marks: [
      Plot.ruleY([MASTERED], { stroke: "#5b6270", strokeDasharray: "3 4" }),
      Plot.areaY(rows, { fx: "action", x: "x", y1: "low", y2: "high", z: "estimator", fill: "colour", fillOpacity: 0.15 }),
      Plot.lineY(rows, { fx: "action", x: "x", y: "y", z: "estimator", stroke: "colour", strokeWidth: 2, strokeLinejoin: "round" }),
      Plot.text(labels, { fx: "action", x: "x", y: "place", text: "estimator", fill: "colour", textAnchor: "start", dx: 8, fontWeight: 600 }),
    ],
  });
  return svg.outerHTML;
}

function curve({ name, colour }: Drawn, runs: readonly Run[], episodes: number): readonly Row[] {
  const [estimator, action] = name.split(", ") as [string, string];
  return Array.from({ length: Math.floor(episodes / SMOOTH) }, (_, i) => {
    const values = runs.map(({ lengths }) => reward(lengths, i * SMOOTH)).toSorted((a, b) => a - b);
    const at = (share: number): number => values[Math.round(share * (values.length - 1))]!;
    return { estimator, action, colour, x: (i + 1) * SMOOTH, y: mean(values), low: at(0.25), high: at(0.75) };
  });
}

/** The mean of the episodes from here on, or what the last hundred had reached when the run stopped before. */
function reward(lengths: readonly number[], from: number): number {
  const own = lengths.slice(from, from + SMOOTH);
  return mean(own.length > 0 ? own : lengths.slice(-100));
}
