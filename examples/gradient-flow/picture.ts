import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import type { Frame } from "./flow.ts";

const SIDE = 200;

/** Frames side by side as one SVG file, the target in grey behind each. */
export function picture(frames: readonly Frame[], target: Float64Array): string {
  const document = new Window().document as unknown as Document;
  const rows = (points: Float64Array) => Array.from({ length: points.length / 2 }, (_, i) => ({ x: points[2 * i]!, y: points[2 * i + 1]! }));
  const of = (frame: Frame, points: Float64Array) => rows(points).map((row) => ({ ...row, frame: title(frame) }));
  const svg = Plot.plot({
    document,
    width: SIDE * frames.length,
    height: SIDE + 36,
    marginTop: 30, marginBottom: 6, marginLeft: 6, marginRight: 6,
    style: { fontSize: "12px", background: "white" },
    fx: { axis: "top", tickSize: 0, label: null, padding: 0.06, domain: frames.map(title) },
    x: { axis: null, domain: [-1.15, 1.15] },
    y: { axis: null, domain: [-1.15, 1.15] },
    marks: [
      Plot.dot(frames.flatMap((frame) => of(frame, target)), { fx: "frame", x: "x", y: "y", r: 2.2, fill: "#d5d9e0" }),
      Plot.dot(frames.flatMap((frame) => of(frame, frame.points)), { fx: "frame", x: "x", y: "y", r: 1.6, fill: "#0072b2", fillOpacity: 0.85 }),
    ],
  });
  return svg.outerHTML;
}

const title = ({ step, divergence }: Frame): string => `step ${step}, divergence ${divergence < 1e-3 ? divergence.toExponential(1) : divergence.toFixed(3)}`;
