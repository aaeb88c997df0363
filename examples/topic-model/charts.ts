import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import type { Point } from "./train.ts";

/** A curve: one estimator's measurements. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

const SIZE = { width: 560, height: 340, marginLeft: 46, marginRight: 112, marginTop: 34, marginBottom: 40 };
const LINE = 15; // pixels between two labels, at least

/** Held-out ELBO against evaluations of f, with the model without topics for comparison. */
export function elboChart(curves: readonly Curve[], unigram: number): string {
  return chart(curves, ({ elbo }) => elbo, "held-out ELBO, nats a word", { name: "no topics", y: unigram });
}

/** log₁₀ of the variance of the gradient against evaluations of f. */
export function varianceChart(curves: readonly Curve[]): string {
  return chart(curves, ({ variance }) => Math.log10(variance), "log₁₀ variance of the gradient");
}

function chart(curves: readonly Curve[], of: (point: Point) => number, label: string, level?: { readonly name: string; readonly y: number }): string {
  const rows = curves.flatMap(({ name, colour, points }) => points.map((point) => ({ name, colour, x: point.evaluations / 1000, y: of(point) })));
  const most = Math.max(...rows.map(({ x }) => x));
  const ends = curves.map(({ name, colour, points }) => ({ name, colour, x: most, y: of(points.at(-1)!) }));
  if (level !== undefined) ends.push({ name: level.name, colour: "#5b6270", x: most, y: level.y });
  const heights = [...rows, ...ends].map(({ y }) => y);
  const domain: [number, number] = [Math.min(...heights), Math.max(...heights)];
  const document = new Window().document as unknown as Document;
  const svg = Plot.plot({
    document,
    ...SIZE,
    style: { fontSize: "12px", background: "none", overflow: "visible" },
    x: { label: "evaluations of f, thousands", nice: false, ticks: 6, domain: [0, most] },
    y: { label, grid: true, domain, nice: true, ticks: 6 },
    marks: [
      ...(level === undefined ? [] : [Plot.ruleY([level.y], { stroke: "#5b6270", strokeDasharray: "3 4" })]),
      Plot.lineY(rows, { x: "x", y: "y", z: "name", stroke: ({ colour }: { colour: string }) => colour, strokeWidth: 2, strokeLinejoin: "round" }),
      Plot.text(apart(ends, domain), { x: "x", y: "place", text: "name", fill: ({ colour }: { colour: string }) => colour, textAnchor: "start", dx: 8, fontWeight: 600 }),
    ],
  });
  return svg.outerHTML.replace(/ xmlns(:\w+)?="[^"]*"/g, "");
}

/** The labels, moved apart where curves end close together. */
function apart<L extends { readonly y: number }>(labels: readonly L[], [least, most]: readonly [number, number]): (L & { readonly place: number })[] {
  const gap = (LINE * (most - least || 1)) / (SIZE.height - SIZE.marginTop - SIZE.marginBottom);
  const sorted = labels.toSorted((a, b) => a.y - b.y);
  const places = sorted.map(({ y }) => y);
  for (let round = 0; round < 50; round++) {
    for (let i = 1; i < places.length; i++) {
      const missing = (gap - (places[i]! - places[i - 1]!)) / 2;
      if (missing <= 0) continue;
      places[i - 1]! -= missing;
      places[i]! += missing;
    }
  }
  return sorted.map((label, i) => ({ ...label, place: places[i]! }));
}
