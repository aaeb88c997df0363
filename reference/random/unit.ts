/** Odd multiples of 2⁻²⁴. */
export const unit32 = (word: number): number => ((word >>> 9) + 0.5) * 2 ** -23;

/** Odd multiples of 2⁻⁵³, of a 64-bit word in halves. */
export const unit64 = (low: number, high: number): number => (high * 2 ** 20 + (low >>> 12) + 0.5) * 2 ** -52;

/** In (0, ½], 31 bits and half of one more; rounded to f32. */
export const half32 = (word: number): number => Math.fround(Math.fround(word & 0x7fffffff) + 0.5) * 2 ** -32;

/** In (0, ½], 62 bits and one set below them. */
export const half64 = (low: number, high: number): number => ((high & 0x7fffffff) * 2 ** 32 + ((low | 1) >>> 0)) * 2 ** -64;
