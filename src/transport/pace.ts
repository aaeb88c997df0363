/** Iterations between looks at a run that is accelerated. */
export const PERIOD = 8;
/** Looks at plain iterations before their rate is believed. */
const PLAIN_LOOKS = 3;
/** Looks that over-relaxed ones have to reduce the error: in between it may rise. */
const PATIENCE = 6;
const MOST = 1.98;

/** How long the steps are. */
export interface Pace {
  readonly step: number;
  /** Whether it wants to see the error now and then. */
  readonly looks: boolean;
  look(count: number, earlier: number, error: number): void;
  /** Another problem from here on. */
  restart(): void;
}

/**
 * Over-relaxation. If plain iterations reduce the error by the factor η each, steps of ω = 2 / (1 + √(1 − η)) reduce it by ω − 1 (Young 1954 on the
 * linearized iteration; Lehmann, von Renesse, Sambale & Uschmajew 2022). Where they do not, far from the solution, plain ones go on.
 */
export function paceOf(wanted: number | "adaptive"): Pace {
  let step = wanted === "adaptive" ? 1 : wanted;
  let [looks, mark] = [0, Number.POSITIVE_INFINITY];
  const slow = (): void => {
    [step, looks, mark] = [1, 0, Number.POSITIVE_INFINITY];
  };
  const fast = (count: number, earlier: number, error: number): void => {
    if (++looks < PLAIN_LOOKS || count !== PERIOD || !(error < earlier)) return;
    const rate = Math.sqrt(Math.sqrt(Math.sqrt(error / earlier))); // of one of the eight
    [step, looks, mark] = [Math.min(MOST, 2 / (1 + Math.sqrt(1 - rate))), 0, error];
  };
  return {
    get step() {
      return step;
    },
    get looks() {
      return wanted !== 1;
    },
    look(count, earlier, error) {
      if (step === 1) {
        if (wanted === "adaptive") fast(count, earlier, error);
      } else if (wanted === "adaptive") {
        if (error < mark) [looks, mark] = [0, error];
        else if (++looks > PATIENCE) slow();
      } else if (error > 2 * earlier) slow();
    },
    restart: slow,
  };
}
