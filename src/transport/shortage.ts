import { wrongValue } from "../errors.ts";
import { type Checked, partOf } from "./problem.ts";

/** Steps of the search that a call can afford; beyond, a run that has not converged is all there is to say. */
const MOST_STEPS = 2e9;
/** Of the mass: less is rounding. */
const NEGLIGIBLE = 1e-9;

/**
 * Refuses marginals that no plan can have because forbidden cells leave too little to some rows together: by sending mass along open cells until
 * no row can send more (Ford & Fulkerson 1956). What a row that is left with mass can reach is then a set of rows with more mass than
 * all columns open to them (Hall 1935; Gale 1957).
 */
export function checkShortage(caller: string, { form, precision, rows, columns, x, a, b }: Checked, p: number): void {
  const [first, second] = [partOf(a, rows, p), partOf(b, columns, p)];
  if (rows * columns * (rows + columns) > MOST_STEPS) return;
  const at = p * rows * columns;
  const left = Float64Array.from(first), room = Float64Array.from(second), flow = new Float64Array(rows * columns);
  const open = (cell: number): boolean => Number.isFinite(x[at + cell]!);
  const least = (precision === "f32" ? 1e4 : 1) * NEGLIGIBLE * left.reduce((sum, mass) => sum + mass, 0);
  for (let i = 0; i < rows; i++) {
    while (left[i]! > least) {
      const { reached, from, end } = search(i, rows, columns, (cell) => open(cell), room, flow, least);
      if (end < 0) {
        const mass = (of: ArrayLike<number>, some: readonly number[]): number => some.reduce((sum, k) => sum + of[k]!, 0);
        const [own, others] = [reached.rows, reached.columns];
        throw wrongValue(caller, form, `cells for the mass of every set of rows in problem ${p}`, `rows ${listed(own)} with mass ${mass(first, own)}, and for them columns ${listed(others)} with ${mass(second, others)}`, 'Open more cells, move mass, or let "rowStrength" or "columnStrength" pay for the difference.');
      }
      send(i, end, columns, from, left, room, flow);
    }
  }
}

interface Search {
  readonly reached: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  /** By which row a column was reached, then by which column a row was. */
  readonly from: { readonly column: Int32Array; readonly row: Int32Array };
  /** A column that has room; −1 if none was reached. */
  readonly end: number;
}

/** Breadth first: rows send along open cells, columns send back what they have got. */
function search(start: number, rows: number, columns: number, open: (cell: number) => boolean, room: Float64Array, flow: Float64Array, least: number): Search {
  const from = { column: new Int32Array(columns).fill(-1), row: new Int32Array(rows).fill(-1) };
  const reached = { rows: [start], columns: [] as number[] };
  from.row[start] = columns;
  for (let next = 0; next < reached.rows.length; next++) {
    const i = reached.rows[next]!;
    for (let j = 0; j < columns; j++) {
      if (from.column[j]! >= 0 || !open(i * columns + j)) continue;
      from.column[j] = i;
      reached.columns.push(j);
      if (room[j]! > least / columns) return { reached, from, end: j };
      for (let k = 0; k < rows; k++) {
        if (from.row[k]! >= 0 || flow[k * columns + j]! <= 0) continue;
        from.row[k] = j;
        reached.rows.push(k);
      }
    }
  }
  return { reached, from, end: -1 };
}

/** As much as the path from a row to a column bears. */
function send(start: number, end: number, columns: number, from: Search["from"], left: Float64Array, room: Float64Array, flow: Float64Array): void {
  let amount = Math.min(left[start]!, room[end]!);
  const path: number[] = []; // cells to, from, to, …
  for (let j = end; ; ) {
    const i = from.column[j]!;
    path.push(i * columns + j);
    if (i === start) break;
    j = from.row[i]!;
    amount = Math.min(amount, flow[i * columns + j]!);
    path.push(i * columns + j);
  }
  path.forEach((cell, step) => (flow[cell]! += step % 2 === 0 ? amount : -amount));
  left[start]! -= amount;
  room[end]! -= amount;
}

const listed = (some: readonly number[]): string => {
  const sorted = [...some].sort((a, b) => a - b);
  return sorted.length > 8 ? `${sorted.slice(0, 8).join(", ")}, … (${sorted.length})` : sorted.join(", ") || "none";
};
