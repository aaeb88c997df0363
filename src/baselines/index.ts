export { constant } from "./constant.ts";
export { leaveOneOut } from "./leave-one-out.ts";
export { movingAverage, type MovingAverageOptions } from "./moving-average.ts";
export { none } from "./none.ts";
