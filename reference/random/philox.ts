/** Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011): the four words of a counter under a key. */
export function philox(low: number, high: number, counter: readonly [number, number, number, number]): readonly [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  for (let round = 0; round < 10; round++) {
    const even = BigInt(c0) * 0xd2511f53n;
    const odd = BigInt(c2) * 0xcd9e8d57n;
    c0 = (Number(odd >> 32n) ^ c1 ^ low) >>> 0;
    c1 = Number(odd & 0xffffffffn);
    c2 = (Number(even >> 32n) ^ c3 ^ high) >>> 0;
    c3 = Number(even & 0xffffffffn);
    low = (low + 0x9e3779b9) >>> 0;
    high = (high + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}
