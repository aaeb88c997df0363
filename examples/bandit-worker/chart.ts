import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import type { Point } from "./simulate.ts";

const LINES = [
  ["best", "taste known", "#5b6270"],
  ["policy", "policy", "#0072b2"],
  ["random", "by chance", "#d55e00"],
] as const;

/** The share of visitors who read on, against visitors, as one SVG file. */
export function chart(points: readonly Point[], headlines: number): string {
  const document = new Window().document as unknown as Document;
  const rows = LINES.flatMap(([of, name, colour]) => points.map((point) => ({ name, colour, x: point.visitors, y: 100 * point[of] })));
  const ends = rows.filter(({ x }) => x === points.at(-1)!.visitors);
  const svg = Plot.plot({
    document,
    width: 640, height: 320, marginRight: 96, marginLeft: 48,
    style: { fontSize: "12px", background: "white" },
    x: { label: "visitors" },
    y: { label: `% who read on, ${headlines} headlines`, grid: true, zero: true },
    color: { type: "identity" },
    marks: [
      Plot.lineY(rows, { x: "x", y: "y", z: "name", stroke: ({ colour }: { colour: string }) => colour, strokeWidth: 2 }),
      // One label above its line's end and one below: the two best come close.
      ...LINES.map(([, name], i) => Plot.text(ends.filter((end) => end.name === name), { x: "x", y: "y", text: "name", fill: "colour", textAnchor: "start", dx: 8, dy: 7 * (i - 1), fontWeight: 600 })),
    ],
  });
  return svg.outerHTML;
}
