import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import type { Change } from "./continuous.ts";
import type { Step } from "./discrete.ts";
import type { Deviation } from "./variance.ts";

const BEFORE = "#2f6db5";
const AFTER = "#d9652b";
const CHANGE = "#3a8a4d";
const SIZE = { width: 420, height: 300, marginLeft: 48, marginRight: 70, marginTop: 34, marginBottom: 40 };
const STYLE = { fontSize: "12px", background: "white", overflow: "visible" };
const OMEGA = { label: "ω", domain: [0, 1] as [number, number], ticks: 5 };

type Options = Plot.PlotOptions;

/** X(p) and X(p + ε) over ω. */
export function continuousValues(changes: readonly Change[], epsilon: number): string {
  const last = changes.findLast(({ omega }) => omega < 0.95)!;
  const shown = changes.filter(({ omega }) => omega <= last.omega);
  return chart({
    x: OMEGA,
    y: { label: "X", grid: true, nice: true },
    marks: [
      Plot.areaY(shown, { x: "omega", y1: "before", y2: "after", fill: AFTER, fillOpacity: 0.15 }),
      Plot.lineY(shown, { x: "omega", y: "before", stroke: BEFORE, strokeWidth: 2 }),
      Plot.lineY(shown, { x: "omega", y: "after", stroke: AFTER, strokeWidth: 2 }),
      ...labels([{ x: last.omega, y: last.before, text: "X(p)", colour: BEFORE }, { x: last.omega, y: last.after, text: `X(p + ${epsilon})`, colour: AFTER }]),
    ],
  });
}

/** The change of X over ω: everywhere something, in proportion to ε. */
export function continuousChange(changes: readonly Change[]): string {
  const shown = changes.filter(({ omega }) => omega < 0.95);
  return chart({
    x: OMEGA,
    y: { label: "dX(p) / ε", grid: true, nice: true, zero: true },
    marks: [
      Plot.ruleY([0]),
      Plot.areaY(shown, { x: "omega", y: "slope", fill: CHANGE, fillOpacity: 0.15 }),
      Plot.lineY(shown, { x: "omega", y: "slope", stroke: CHANGE, strokeWidth: 2 }),
      ...labels([{ x: shown.at(-1)!.omega, y: shown.at(-1)!.slope, text: "δ", colour: CHANGE }]),
    ],
  });
}

/** The steps of X(p) and of X(p + ε). */
export function discreteValues(steps: readonly Step[], epsilon: number): string {
  const bars = (of: "before" | "after", shift: number): { x1: number; x2: number; y: number }[] => steps.map((step) => ({ x1: step[of][0], x2: step[of][1], y: step.value + shift }));
  const risers = (of: "before" | "after", shift: number): { x: number; y1: number; y2: number }[] => steps.slice(1).map((step) => ({ x: step[of][0], y1: step.value - 1 + shift, y2: step.value + shift }));
  const lines = (of: "before" | "after", colour: string, shift: number): Plot.Markish[] => [
    Plot.ruleX(risers(of, shift), { x: "x", y1: "y1", y2: "y2", stroke: colour, strokeWidth: 1, strokeDasharray: "2 3" }),
    Plot.ruleY(bars(of, shift), { x1: "x1", x2: "x2", y: "y", stroke: colour, strokeWidth: 3 }),
  ];
  const last = steps.at(-1)!;
  return chart({
    x: OMEGA,
    y: { label: "X", grid: true, ticks: steps.length - 1, domain: [-0.2, steps.length - 0.8] },
    marks: [
      ...lines("before", BEFORE, 0),
      ...lines("after", AFTER, 0.06), // a little above, or the two would hide each other
      ...labels([{ x: 1, y: last.value - 0.12, text: "X(p)", colour: BEFORE }, { x: 1, y: last.value + 0.12, text: `X(p + ${epsilon})`, colour: AFTER }]),
    ],
  });
}

/** The change of X over ω: nothing but for a few ω, there a whole step; as wide as weight · P(x) · ε. */
export function discreteChange(steps: readonly Step[], epsilon: number): string {
  const jumps = steps.filter(({ perturbation }) => perturbation !== 0).map(({ before: [from, to], perturbation, weight }) => {
    const width = weight * (to - from) * epsilon;
    return { x1: perturbation > 0 ? to - width : from, x2: perturbation > 0 ? to : from + width, y: perturbation, text: `${perturbation} w.p. ${weight.toFixed(2)}ε` };
  });
  return chart({
    x: OMEGA,
    y: { label: "dX(p)", grid: true, domain: [0, 1.3], ticks: 2 },
    marks: [
      Plot.rect(jumps, { x1: "x1", x2: "x2", y1: 0, y2: "y", fill: CHANGE }),
      Plot.ruleY([0], { stroke: CHANGE, strokeWidth: 3 }),
      Plot.text(jumps, { x: (jump: { x1: number; x2: number }) => (jump.x1 + jump.x2) / 2, y: "y", text: "text", dy: -10, fill: CHANGE, fontWeight: 600, textAnchor: "middle" }),
    ],
  });
}

const COLOURS: Readonly<Record<string, string>> = { "score function": "#8a8f98", "with a baseline": BEFORE, "stochastic triples": AFTER };

/** The deviation of one run's derivative against the length of the walk, logarithmic. */
export function varianceChart(deviations: readonly Deviation[]): string {
  const colour = ({ method }: Deviation): string => COLOURS[method]!;
  const most = Math.max(...deviations.map(({ steps }) => steps));
  return chart({
    width: 560,
    marginRight: 130,
    x: { label: "steps", ticks: 10 },
    y: { label: "standard deviation of one run's estimate", grid: true, type: "log", domain: [0.9, 110], ticks: [1, 2, 5, 10, 20, 50, 100], tickFormat: String },
    marks: [
      Plot.lineY(deviations, { x: "steps", y: "deviation", z: "method", stroke: colour, strokeWidth: 2 }),
      Plot.dot(deviations, { x: "steps", y: "deviation", fill: colour, r: 3 }),
      Plot.text(deviations.filter(({ steps }) => steps === most), { x: "steps", y: "deviation", text: "method", fill: colour, textAnchor: "start", dx: 8, fontWeight: 600 }),
    ],
  });
}

function labels(all: readonly { readonly x: number; readonly y: number; readonly text: string; readonly colour: string }[]): Plot.Markish[] {
  return [Plot.text(all, { x: "x", y: "y", text: "text", fill: "colour", textAnchor: "start", dx: 8, fontWeight: 600 })];
}

function chart(options: Options): string {
  const document = new Window().document as unknown as Document;
  const svg = Plot.plot({ document, ...SIZE, style: STYLE, ...options });
  const text = svg.outerHTML;
  return text.includes('xmlns="http://www.w3.org/2000/svg"') ? text : text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
}
