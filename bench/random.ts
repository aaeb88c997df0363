/** What a program without a core draws with: xoshiro128++ in a closure (Blackman & Vigna 2021), one word a call. */
export function xoshiro(seed: number): () => number {
  let [a, b, c, d] = [seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  return () => {
    const sum = (a + d) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word;
  };
}

const next = xoshiro(1);

/** Uniform in (0, 1), 32 bits. */
export const unit = (): number => (next() + 0.5) * 2 ** -32;

/** Uniform in (0, 1), 52 bits. */
export const unit52 = (): number => ((next() >>> 6) * 2 ** 26 + (next() >>> 6) + 0.5) * 2 ** -52;
