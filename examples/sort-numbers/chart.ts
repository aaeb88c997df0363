import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import { key } from "gradex";
import { lists, placesOf } from "./model.ts";
import type { Result } from "./train.ts";

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const SIZE = { width: 420, height: 300, marginTop: 34, marginBottom: 40, marginLeft: 52 };

/** Two pictures in one SVG file: how the distance from the sorted list fell, and where one list of the longest goes. */
export function chart(results: readonly Result[]): string {
  const document = new Window().document as unknown as Document;
  const { width, height } = SIZE;
  const parts = [losses(results, document), places(results.at(-1)!, document)];
  const moved = parts.map((svg, i) => `<g transform="translate(${i * (width + 30)} 0)">${svg.outerHTML}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * width + 30}" height="${height}" viewBox="0 0 ${2 * width + 30} ${height}" style="background: white">${moved.join("")}</svg>`;
}

function losses(results: readonly Result[], document: Document): SVGSVGElement | HTMLElement {
  const rows = results.flatMap(({ n, losses: all }, k) => all.map((y, step) => ({ n: `${n} numbers`, colour: COLOURS[k % COLOURS.length]!, x: step + 1, y })));
  const ends = results.map(({ n, anyWrong }, k) => ({ text: `n = ${n}: ${(100 * anyWrong).toFixed(1)} % of lists wrong`, colour: COLOURS[k % COLOURS.length]!, place: k }));
  const least = Math.min(...rows.map(({ y }) => y));
  const most = Math.max(...rows.map(({ y }) => y));
  return Plot.plot({
    document,
    ...SIZE,
    style: { fontSize: "12px" },
    x: { label: "step" },
    y: { type: "log", label: "mean squared distance from the sorted list", grid: true, domain: [least, most * 3], ticks: 5, tickFormat: ".0e" },
    marks: [
      Plot.lineY(rows, { x: "x", y: "y", z: "n", stroke: ({ colour }: { colour: string }) => colour, strokeWidth: 1.5 }),
      ...ends.map(({ text, colour, place }) => Plot.text([text], { frameAnchor: "top-right", dy: 14 * place, fill: colour, fontWeight: 600 })),
    ],
  }) as SVGSVGElement;
}

/** A list that was not seen before: each number against the place that the network gives it. */
function places({ n, weights }: Result, document: Document): SVGSVGElement | HTMLElement {
  const { numbers } = lists(n, 1, key("shown"));
  const rows = Array.from(placesOf(n, weights, numbers), (place, i) => ({ x: numbers[i]!, y: place + 1 }));
  return Plot.plot({
    document,
    ...SIZE,
    style: { fontSize: "12px" },
    x: { label: `number, in a list of ${n}`, domain: [0, 1] },
    y: { label: "place that the network gives it", grid: true },
    marks: [Plot.dot(rows, { x: "x", y: "y", r: 2.5, fill: COLOURS[0]! })],
  }) as SVGSVGElement;
}
