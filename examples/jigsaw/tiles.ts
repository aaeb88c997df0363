import type { Picture } from "./image.ts";

/** A pile of tiles, and all that can be told from them: how ill their edges go together, and which of their sides are straight. */
export interface Tiles {
  /** Tiles in a row and in a column of the picture. */
  readonly across: number;
  /** The right edge of one against the left edge of another, `[tiles, tiles]`, about 1 for two that do not belong together. */
  readonly beside: Float64Array;
  /** The lower edge of one against the upper edge of another. */
  readonly below: Float64Array;
  /** For each tile which sides are on the frame: top, right, bottom, left. */
  readonly straight: readonly Sides[];
}

export type Sides = readonly [top: boolean, right: boolean, bottom: boolean, left: boolean];

/** Which sides of a place are on the frame. */
export const sidesOf = (place: number, across: number): Sides => [place < across, place % across === across - 1, place >= across * (across - 1), place % across === 0];

/** Where tile number `tile` of a picture begins. */
export const cornerOf = (tile: number, across: number, side: number): readonly [x: number, y: number] => [((tile % across) * side) / across, (Math.floor(tile / across) * side) / across];

/** The tiles of a picture in the order `order`; only their edges are looked at. */
export function tilesOf({ side, pixels }: Picture, across: number, order: readonly number[]): Tiles {
  const width = side / across;
  const colour = (tile: number, x: number, y: number, channel: number): number => {
    const [left, top] = cornerOf(tile, across, side);
    return pixels[4 * ((top + y) * side + left + x) + channel]!;
  };
  const matrix = (first: (t: number) => readonly [number, number], second: (t: number) => readonly [number, number]): Float64Array => {
    const differences = order.flatMap((a) => order.map((b) => {
      let sum = 0;
      for (let t = 0; t < width; t++) for (let channel = 0; channel < 3; channel++) sum += (colour(a, ...first(t), channel) - colour(b, ...second(t), channel)) ** 2;
      return Math.sqrt(sum);
    }));
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    return Float64Array.from(differences, (each) => each / mean);
  };
  return {
    across,
    beside: matrix((t) => [width - 1, t], (t) => [0, t]),
    below: matrix((t) => [t, width - 1], (t) => [t, 0]),
    straight: order.map((tile) => sidesOf(tile, across)),
  };
}
