import { type Key, sample, uniform } from "gradex";

/** Points `[count, 2]` in the square from −1 to 1, y upwards. */
export type Shape = (count: number, from: Key) => Float64Array;

const uniforms = (count: number, from: Key): Float64Array => sample(uniform(2), { low: new Float64Array(2), high: new Float64Array(2).fill(1) }, from, { samples: count });
const each = (count: number, from: Key, place: (u: number, v: number, i: number) => readonly [number, number]): Float64Array => {
  const u = uniforms(count, from);
  return Float64Array.from(Array.from({ length: count }, (_, i) => place(u[2 * i]!, u[2 * i + 1]!, i)).flat());
};

/** Evenly filled. */
const disc: Shape = (count, from) => each(count, from, (u, v) => [0.45 * Math.sqrt(u) * Math.cos(2 * Math.PI * v), 0.45 * Math.sqrt(u) * Math.sin(2 * Math.PI * v)]);

/** The outline of ∇, with a thick side as printers have it. */
const nabla: Shape = (count, from) => {
  const corners = [[-0.9, 0.8], [0.9, 0.8], [0, -0.9], [-0.9, 0.8]] as const;
  return each(count, from, (u, v, i) => {
    const [a, b] = [corners[i % 3]!, corners[(i % 3) + 1]!];
    const thick = i % 3 === 2 ? 0.1 + 0.25 * Math.min(1, 3 * u) : 0.1;
    return [a[0] + u * (b[0] - a[0]) + thick * v, a[1] + u * (b[1] - a[1]) - 0.5 * thick * v];
  });
};

const spiral: Shape = (count, from) => each(count, from, (u, v) => {
  const [angle, radius] = [4 * Math.PI * Math.sqrt(u), 0.15 + 0.75 * Math.sqrt(u)];
  return [radius * Math.cos(angle) + 0.04 * (v - 0.5), radius * Math.sin(angle)];
});

/** Four squares, one in each corner: the mass has to part. */
const corners: Shape = (count, from) => each(count, from, (u, v, i) => [(i & 1 ? 0.45 : -0.85) + 0.4 * u, (i & 2 ? 0.45 : -0.85) + 0.4 * v]);

export const shapes: Readonly<Record<string, Shape>> = { disc, nabla, spiral, corners };
