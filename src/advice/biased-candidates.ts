import { evolutionStrategies } from "../estimators/evolution-strategies.ts";
import { finiteDifferences } from "../estimators/finite-differences.ts";
import { gumbelSoftmax } from "../estimators/gumbel-softmax.ts";
import { spsa } from "../estimators/spsa.ts";
import { gappedStraightThrough, straightThrough } from "../estimators/straight-through.ts";

/** The biased estimators of the package, relaxations at a usual temperature. */
export function biasedCandidates(): Readonly<Record<string, object>> {
  const temperature = 0.5;
  return {
    "straightThrough()": straightThrough(),
    "straightThrough({ temperature: 0.5 })": straightThrough({ temperature }),
    "gappedStraightThrough({ temperature: 0.5 })": gappedStraightThrough({ temperature }),
    "gumbelSoftmax({ temperature: 0.5 })": gumbelSoftmax({ temperature }),
    "finiteDifferences()": finiteDifferences(),
    "spsa()": spsa(),
    "evolutionStrategies()": evolutionStrategies(),
  };
}
