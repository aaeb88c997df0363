import type { Dense, Distribution, Finite, Separable, Support, Variable } from "../vocabulary/distribution.ts";
import { roomFor } from "./blocks.ts";

/** A part of a draw that is independent of the others, and its first column. */
export interface Piece {
  readonly support: Support;
  readonly column: number;
}

/** Every combination of the pieces' points; the last one's turn fastest. */
export function product(pieces: readonly Piece[], dim: number): Support {
  return {
    size: pieces.reduce((size, { support }) => size * support.size, 1),
    enumerate: (kernels, from, to, batch, x) => {
      const bytes = kernels.arrayBytes();
      for (let point = from; point < to; point++) {
        const first = x + (point - from) * batch * dim * bytes;
        let left = point;
        for (const { support, column } of pieces.toReversed()) {
          const own = left % support.size;
          left = Math.floor(left / support.size);
          support.enumerate(kernels, own, own + 1, 1, first + column * bytes);
        }
        for (let b = 1; b < batch; b++) kernels.arrayCopy(dim, first, first + b * dim * bytes);
      }
    },
  };
}

/** A family whose coordinates depend on each other: the whole draw is its one variable, with its support for values. */
export function oneVariable<F extends Pick<Separable & Finite & Distribution, "dim" | "support" | "logProb">>(family: F): F & Pick<Separable, "variable"> {
  const { dim, support, logProb } = family;
  const whole: Variable = {
    column: 0,
    width: dim,
    size: support.size,
    enumerate: (kernels, x) => support.enumerate(kernels, 0, support.size, 1, x),
    room: (batch) => support.size * batch * dim,
    logProb(kernels, theta, room, into) {
      support.enumerate(kernels, 0, support.size, theta.batch, room);
      logProb(kernels, support.size * theta.batch, theta, room, into);
    },
  };
  return { ...family, variable: () => whole };
}

/**
 * A coordinate of a family whose coordinates are independent and alike, and repeat θ over a tile: its values are 0 … size − 1.
 *
 * @param support  of one coordinate
 * @param logProb  of coordinates one by one: both x and what it writes are `[count]`, a multiple of the coordinates of all problems
 */
export function ownCoordinate(dim: number, { size, enumerate }: Support, logProb: Dense["logProb"]): (column: number) => Variable {
  return (column) => ({
    column,
    width: 1,
    size,
    enumerate: (kernels, x) => enumerate(kernels, 0, size, 1, x),
    room: (batch) => 2 * roomFor(batch * dim),
    logProb(kernels, theta, room, into) {
      const [count, bytes] = [theta.batch * dim, kernels.arrayBytes()];
      const all = room + roomFor(count) * bytes;
      for (let value = 0; value < size; value++) {
        kernels.arrayFill(count, value, room);
        logProb(kernels, count, theta, room, all);
        kernels.columnsTake(theta.batch, dim, column, 1, all, into + value * theta.batch * bytes);
      }
    },
  });
}
