/**
 * What a block of Philox is used for: the last word of its counter, so that no two uses ever see one block.
 * 0 is the stream (stream.ts); 1 … 3 derive keys (src/key.ts).
 */
export const TIES: u32 = 4;
/** With the number of the try in the bits from the ninth on. */
export const TRACED_GAMMA: u32 = 5;
/** What a count that is not decided at once asks for; the bits from the ninth on count its attempts. */
export const COUNTS: u32 = 32;
/** The same of the gamma variable that a negative binomial count begins with. */
export const GAMMAS: u32 = 33;
/** Streams beside the first, for samplers that take several noises a draw: the bits from the ninth on number them. */
export const BESIDE: u32 = 34;
/** And the two after it, for each standard gamma variable of a draw: at most two (beta). */
export const GAMMA: u32 = 16;
/** What is accepted of a draw of `vonMises`; the angle of one of `studentT`. */
export const ANGLE: u32 = 22;
/** The second variables of a measure-valued derivative. */
export const WEAK: u32 = 23;
/** And the three after it: further candidates of a draw of `vonMises`. */
export const SECOND_ANGLE: u32 = 24;
