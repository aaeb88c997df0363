/**
 * What a block of Philox is used for: the last word of its counter, so that no two uses ever see one block.
 * 0 is the stream (stream.ts); 1 … 3 derive keys (src/key.ts).
 */
export const TIES: u32 = 4;
/** What a count that is not decided at once asks for; the bits from the ninth on count its attempts. */
export const COUNTS: u32 = 16;
/** The same of the gamma variable that a negative binomial count begins with. */
export const GAMMAS: u32 = 17;
/** Streams beside the first, for samplers that take several noises a draw: the bits from the ninth on number them. */
export const BESIDE: u32 = 18;
