import { sidesOf, type Tiles } from "./tiles.ts";

/** What a straight side inside, or another one on the frame, counts beside the seams. */
export const FRAME = 0.5;

export type Pair = readonly [first: number, second: number, side: "beside" | "below"];

/** Places that touch. */
export function neighbours(across: number): Pair[] {
  const places = Array.from({ length: across ** 2 }, (_, i) => i);
  const right = places.filter((i) => i % across < across - 1).map((i): Pair => [i, i + 1, "beside"]);
  const down = places.filter((i) => i < across * (across - 1)).map((i): Pair => [i, i + across, "below"]);
  return [...right, ...down];
}

/** How many sides of each tile would be wrong in each place, `[places, tiles]`: straight inside, or not on the frame. */
export function frameOf({ across, straight }: Tiles): Float64Array {
  const count = across ** 2;
  return Float64Array.from({ length: count * count }, (_, k) => sidesOf(Math.floor(k / count), across).filter((edge, side) => edge !== straight[k % count]![side]).length);
}

/** Mean over the seams of an order, and what its wrong sides add. */
export function badnessOf(tiles: Tiles, frame: Float64Array, order: readonly number[]): number {
  const count = order.length;
  const pairs = neighbours(tiles.across);
  const seams = pairs.reduce((sum, [a, b, side]) => sum + tiles[side][order[a]! * count + order[b]!]!, 0) / pairs.length;
  return seams + (FRAME / count) * order.reduce((sum, tile, place) => sum + frame[place * count + tile]!, 0);
}
