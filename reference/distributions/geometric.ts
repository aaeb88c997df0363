/** Failures before the first success, by its log-odds. */

const logSigmoid = (logit: number): number => Math.min(0, logit) - Math.log1p(Math.exp(-Math.abs(logit)));

/** x = ⌊e / −log(1 − p)⌋ of standard exponential e. */
export const sample = (e: number, logit: number): number => Math.floor(e / -logSigmoid(-logit));

export const logProb = (x: number, logit: number): number => logSigmoid(logit) + (x && x * logSigmoid(-logit));

/** ∂ log p/∂logit = 1 − p − p x. */
export const score = (x: number, logit: number): number => 1 - Math.exp(logSigmoid(logit)) * (1 + x);
