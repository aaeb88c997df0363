export { constant } from "./constant.ts";
export { linearBaseline, type LearnedOptions, networkBaseline, type NetworkBaselineOptions } from "./learned.ts";
export { leaveOneOut } from "./leave-one-out.ts";
export { movingAverage, type MovingAverageOptions } from "./moving-average.ts";
export { none } from "./none.ts";
export { perCoordinate } from "./per-coordinate.ts";
