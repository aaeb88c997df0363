import { movingAverage } from "../baselines/moving-average.ts";
import { none } from "../baselines/none.ts";
import { arm } from "../estimators/arm.ts";
import { arms } from "../estimators/arms.ts";
import { disarm } from "../estimators/disarm.ts";
import { enumerate } from "../estimators/enumerate.ts";
import { lax } from "../estimators/lax.ts";
import { pathwise } from "../estimators/pathwise.ts";
import { rebar } from "../estimators/rebar.ts";
import { relax } from "../estimators/relax.ts";
import { scoreFunction } from "../estimators/score-function.ts";
import { sumAndSample } from "../estimators/sum-and-sample.ts";
import { unorderedSet } from "../estimators/unordered-set.ts";

/** Every unbiased estimator of the package as it comes, by the word that makes it. */
export function candidates(): Readonly<Record<string, object>> {
  return {
    "pathwise()": pathwise(),
    "disarm()": disarm(),
    "arm()": arm(),
    "arms()": arms(),
    "scoreFunction()": scoreFunction(),
    "scoreFunction({ baseline: movingAverage() })": scoreFunction({ baseline: movingAverage() }),
    "scoreFunction({ baseline: none() })": scoreFunction({ baseline: none() }),
    "sumAndSample({ terms: 4 })": sumAndSample({ terms: 4 }),
    "unorderedSet({ draws: 4 })": unorderedSet({ draws: 4 }),
    "rebar()": rebar(),
    "relax()": relax(),
    "lax()": lax(),
    "enumerate()": enumerate(),
  };
}
