/** Shortest augmenting paths as in Crouse 2016, plain: the column of each row for the least sum of costs; rows ≤ columns. */
export function matching(rows: number, columns: number, cost: ArrayLike<number>): Int32Array {
  const [u, v] = [new Float64Array(rows), new Float64Array(columns)];
  const [columnOf, rowOf] = [new Int32Array(rows).fill(-1), new Int32Array(columns).fill(-1)];
  const [before, shortest, done] = [new Int32Array(columns), new Float64Array(columns), new Uint8Array(columns)];
  for (let start = 0; start < rows; start++) {
    shortest.fill(Infinity);
    done.fill(0);
    let [row, sink, distance] = [start, -1, 0];
    const seen = [start];
    while (sink < 0) {
      let [least, column] = [Infinity, -1];
      for (let j = 0; j < columns; j++) {
        if (done[j]) continue;
        const way = distance + cost[row * columns + j]! - u[row]! - v[j]!;
        if (way < shortest[j]!) {
          shortest[j] = way;
          before[j] = row;
        }
        if (shortest[j]! < least) {
          least = shortest[j]!;
          column = j;
        }
      }
      if (column < 0) throw new RangeError("no assignment");
      distance = least;
      done[column] = 1;
      if (rowOf[column]! < 0) sink = column;
      else seen.push((row = rowOf[column]!));
    }
    u[start]! += distance;
    for (const other of seen.slice(1)) u[other]! += distance - shortest[columnOf[other]!]!;
    for (let j = 0; j < columns; j++) if (done[j]) v[j]! -= distance - shortest[j]!;
    for (let column = sink; ; ) {
      const own = before[column]!;
      rowOf[column] = own;
      const next = columnOf[own]!;
      columnOf[own] = column;
      if (own === start) break;
      column = next;
    }
  }
  return columnOf;
}
