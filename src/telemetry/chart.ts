/** A line of a chart: its name, and its points from left to right. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  /** What the axes show. */
  readonly x: string;
  readonly y: string;
}

/** Colours that the colour-blind can tell apart: Okabe & Ito 2008. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const MARGIN = { left: 56, right: 120, top: 28, bottom: 36 } as const;

interface Scale {
  readonly ticks: readonly number[];
  readonly place: (value: number) => number;
}

/** Lines over a common axis as one SVG document: no script, no style sheet, fit for a page or a file. */
export function lineChart(lines: readonly Line[], { width = 640, height = 240, title, x, y }: ChartOptions): string {
  const drawn = lines.map(({ name, points }) => ({ name, points: points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b)) }));
  const all = drawn.flatMap(({ points }) => points);
  const across = scale(all.map(([a]) => a), MARGIN.left, width - MARGIN.right);
  const up = scale(all.map(([, b]) => b), height - MARGIN.bottom, MARGIN.top);
  const text = (at: string, content: string): string => `<text ${at}>${escaped(content)}</text>`;
  const axes = [
    ...across.ticks.map((tick) => text(`x="${fixed(across.place(tick))}" y="${height - MARGIN.bottom + 16}" text-anchor="middle"`, String(tick))),
    ...up.ticks.map((tick) => `<line x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${fixed(up.place(tick))}" y2="${fixed(up.place(tick))}" stroke="#ddd"/>${text(`x="${MARGIN.left - 6}" y="${fixed(up.place(tick) + 4)}" text-anchor="end"`, String(tick))}`),
    text(`x="${(MARGIN.left + width - MARGIN.right) / 2}" y="${height - 4}" text-anchor="middle"`, x),
    text(`x="4" y="${MARGIN.top - 12}"`, title === undefined ? y : `${y}: ${title}`),
  ];
  const paths = drawn.map(({ name, points }, i) => {
    const colour = COLOURS[i % COLOURS.length]!;
    const path = points.map(([a, b]) => `${fixed(across.place(a))},${fixed(up.place(b))}`).join(" ");
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${text(`x="${width - MARGIN.right + 8}" y="${MARGIN.top + 12 + 16 * i}" fill="${colour}"`, name)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" role="img">\n${[...axes, ...paths].join("\n")}\n</svg>\n`;
}

/** Round numbers that span the values, and where they lie between two edges. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const [least, most] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const step = roundStep((most - least || 1) / 5);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { ticks, place: (value) => from + ((value - first * step) / ((last - first) * step)) * (to - from) };
}

/** The least of 1, 2, 5 times a power of ten that is not below `step`. */
function roundStep(step: number): number {
  let unit = 1;
  while (unit > step) unit /= 10;
  while (unit * 10 <= step) unit *= 10;
  return unit * [1, 2, 5, 10].find((factor) => factor * unit >= step)!;
}

const fixed = (x: number): string => x.toFixed(1);

const escaped = (content: string): string => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
