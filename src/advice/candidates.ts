import { movingAverage } from "../baselines/moving-average.ts";
import { none } from "../baselines/none.ts";
import { arm } from "../estimators/arm.ts";
import { disarm } from "../estimators/disarm.ts";
import { enumerate } from "../estimators/enumerate.ts";
import { pathwise } from "../estimators/pathwise.ts";
import { scoreFunction } from "../estimators/score-function.ts";

/** Every unbiased estimator of the package as it comes, by the word that makes it. */
export function candidates(): Readonly<Record<string, object>> {
  return {
    "pathwise()": pathwise(),
    "disarm()": disarm(),
    "arm()": arm(),
    "scoreFunction()": scoreFunction(),
    "scoreFunction({ baseline: movingAverage() })": scoreFunction({ baseline: movingAverage() }),
    "scoreFunction({ baseline: none() })": scoreFunction({ baseline: none() }),
    "enumerate()": enumerate(),
  };
}
