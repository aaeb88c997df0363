/**
 * What a block of Philox is used for: the last word of its counter, so that no two uses ever see one block.
 * 0 is the stream (stream.ts); 1 … 3 derive keys (src/key.ts).
 */
export const TIES: u32 = 4;
/** With the number of the try in the bits from the ninth on. */
export const GAMMA: u32 = 5;
