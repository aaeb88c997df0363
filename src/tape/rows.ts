/** Rows of the frame, first fit; free stretches are kept in order and merged when they touch. */
export interface Rows {
  take(width: number): number;
  release(at: number, width: number): void;
  /** The most rows that were ever needed. */
  readonly height: number;
}

export function rows(): Rows {
  const free: { at: number; width: number }[] = [];
  let height = 0;
  return {
    get height() {
      return height;
    },
    take(width) {
      const i = free.findIndex((stretch) => stretch.width >= width);
      const stretch = free[i];
      if (stretch !== undefined) {
        const { at } = stretch;
        stretch.at += width;
        stretch.width -= width;
        if (stretch.width === 0) free.splice(i, 1);
        return at;
      }
      const last = free[free.length - 1];
      const at = last !== undefined && last.at + last.width === height ? free.pop()!.at : height;
      height = at + width;
      return at;
    },
    release(at, width) {
      let i = free.findIndex((stretch) => stretch.at > at);
      if (i < 0) i = free.length;
      const before = free[i - 1];
      const after = free[i];
      const joined = before !== undefined && before.at + before.width === at;
      if (joined) before.width += width;
      else free.splice(i, 0, { at, width });
      const stretch = joined ? before : free[i]!;
      if (after === undefined || stretch.at + stretch.width !== after.at) return;
      stretch.width += after.width;
      free.splice(free.indexOf(after), 1);
    },
  };
}
