const PANEL = 8;
const VECTOR = 4; // of f32; in f64 it is less, and room is left

/**
 * Numbers that sinkhorn works with in the pool, as assembly/tape/sinkhorn.ts lays them out: the logits, K, five vectors along rows and seven along
 * columns, and, if it goes back through iterations, the cotangent and their potentials.
 */
export function roomOf(rows: number, columns: number, iterations: number): number {
  const [height, width] = [Math.ceil(rows / PANEL) * PANEL, Math.ceil(columns / VECTOR) * VECTOR];
  const matrices = iterations > 0 ? 3 : 2;
  return matrices * height * width + 5 * height + 7 * width + (iterations > 0 ? (iterations + 1) * (height + width) : 0);
}
