/**
 * Philox4x32-10: (counter, key) → four words, a bijection of the counter for each key.
 *
 * Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 *
 * @param low, high  the 64-bit key
 * @param c0 … c3    the 128-bit counter
 * @param out        u32[4], written
 */
export function philox(low: u32, high: u32, c0: u32, c1: u32, c2: u32, c3: u32, out: usize): void {
  for (let round = 0; round < 10; ++round) {
    const even = <u64>0xd2511f53 * c0;
    const odd = <u64>0xcd9e8d57 * c2;
    c0 = <u32>(odd >> 32) ^ c1 ^ low;
    c1 = <u32>odd;
    c2 = <u32>(even >> 32) ^ c3 ^ high;
    c3 = <u32>even;
    low += 0x9e3779b9; // the golden ratio
    high += 0xbb67ae85; // √3 − 1
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}
