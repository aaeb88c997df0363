import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { linearBaseline, networkBaseline } from "../baselines/learned.ts";
import { movingAverage } from "../baselines/moving-average.ts";
import { none } from "../baselines/none.ts";
import { perCoordinate } from "../baselines/per-coordinate.ts";
import { arm } from "../estimators/arm.ts";
import { arms } from "../estimators/arms.ts";
import type { ControlVariate } from "../estimators/control-variate.ts";
import { disarm } from "../estimators/disarm.ts";
import { dreg, stickingTheLanding } from "../estimators/dreg.ts";
import { enumerate } from "../estimators/enumerate.ts";
import { lax } from "../estimators/lax.ts";
import { measureValued } from "../estimators/measure-valued.ts";
import { muProp } from "../estimators/mu-prop.ts";
import { pathwise } from "../estimators/pathwise.ts";
import { raoBlackwell } from "../estimators/rao-blackwell.ts";
import { rebar } from "../estimators/rebar.ts";
import { relax } from "../estimators/relax.ts";
import { scoreFunction } from "../estimators/score-function.ts";
import { sumAndSample } from "../estimators/sum-and-sample.ts";
import { deltaMethod } from "../estimators/taylor.ts";
import { unorderedSet } from "../estimators/unordered-set.ts";
import { vimco } from "../estimators/vimco.ts";
import { antithetic } from "../noise/antithetic.ts";
import { halton } from "../noise/halton.ts";
import { sobol } from "../noise/sobol.ts";
import { stratified } from "../noise/stratified.ts";
import type { Distribution } from "../vocabulary/distribution.ts";
import type { Kind } from "../vocabulary/objective.ts";
import { biasedCandidates } from "./biased-candidates.ts";
import { partCandidates } from "./part-candidates.ts";

/** What the estimators are to be tried on. */
export interface Occasion {
  readonly kind: Kind;
  /** Evaluations of one estimate. */
  readonly budget: number;
  /** Numbers of one draw. */
  readonly dim: number;
  /** Width of each context array. */
  readonly context: Readonly<Record<string, number>>;
  /** The user's own, by name. */
  readonly controls: Readonly<Record<string, ControlVariate>>;
  readonly biased: boolean;
  /** Of a family that is made of others, these by name. */
  readonly parts: Readonly<Record<string, Distribution>>;
}

export type Words = Readonly<Record<string, object>>;

/** The estimators of the package, by the word that makes them. What cannot work on the family or f says so when it is bound. */
export function candidates(occasion: Occasion): Words {
  if (occasion.kind === "importance-bound") return forBounds(occasion);
  return {
    "pathwise()": pathwise(),
    ...partCandidates(occasion.parts),
    ...coupled(occasion),
    "scoreFunction()": scoreFunction(),
    ...baselines(occasion),
    "scoreFunction({ baseline: perCoordinate() })": scoreFunction({ baseline: perCoordinate() }),
    ...controlled(occasion),
    ...byPointSets(occasion),
    ...weak(),
    ...discrete(occasion),
    ...(occasion.biased ? biasedCandidates() : {}),
  };
}

function forBounds(occasion: Occasion): Words {
  return {
    "vimco()": vimco(),
    'vimco({ mean: "arithmetic" })': vimco({ mean: "arithmetic" }),
    "dreg()": dreg(),
    "stickingTheLanding()": stickingTheLanding(),
    "pathwise()": pathwise(),
    "scoreFunction()": scoreFunction(),
    ...baselines(occasion),
  };
}

const coupled = ({ dim }: Occasion): Words => ({
  "disarm()": disarm(),
  "arm()": arm(),
  "arms()": arms(),
  "muProp()": muProp(),
  "rebar()": rebar(),
  "relax()": relax(),
  "relax({ relaxed: {} })": relax({ relaxed: {} }),
  "lax()": lax(),
  ...summedOver(dim),
});

/** Sums over the first coordinates, as nothing says which matter most; over all it would be enumerate(). */
function summedOver(dim: number): Words {
  const counts = [1, 2, 4].filter((count) => count < dim);
  const first = (count: number): number[] => Array.from({ length: count }, (_, j) => j);
  return Object.fromEntries(counts.map((count) => [`raoBlackwell({ coordinates: [${first(count).join(", ")}] })`, raoBlackwell({ coordinates: first(count) })]));
}

function baselines({ context }: Occasion): Words {
  const inputs = `{ ${Object.entries(context).map(([name, width]) => `${name}: ${width}`).join(", ")} }`;
  return {
    "scoreFunction({ baseline: movingAverage() })": scoreFunction({ baseline: movingAverage() }),
    "scoreFunction({ baseline: none() })": scoreFunction({ baseline: none() }),
    ...(Object.keys(context).length > 0 && {
      [`scoreFunction({ baseline: linearBaseline(${inputs}) })`]: scoreFunction({ baseline: linearBaseline(context) }),
      [`scoreFunction({ baseline: networkBaseline(${inputs}) })`]: scoreFunction({ baseline: networkBaseline(context) }),
    }),
  };
}

/** The delta method, each control variate of the user, and where there are several, all of them together. */
function controlled({ controls }: Occasion): Words {
  const own = Object.entries(controls);
  const all = own.map(([, variate]) => variate);
  const names = own.map(([name]) => name).join(", ");
  return {
    "scoreFunction({ controlVariate: deltaMethod() })": scoreFunction({ controlVariate: deltaMethod() }),
    ...Object.fromEntries(own.map(([name, controlVariate]) => [`scoreFunction({ controlVariate: ${name} })`, scoreFunction({ controlVariate })])),
    ...(all.length > 1 && { [`scoreFunction({ controlVariate: [${names}] })`]: scoreFunction({ controlVariate: all }) }),
    ...(all.length > 0 && {
      [`scoreFunction({ controlVariate: [deltaMethod(), ${names}] })`]: scoreFunction({ controlVariate: [deltaMethod(), ...all] }),
      [`scoreFunction({ baseline: perCoordinate(), controlVariate: [${names}] })`]: scoreFunction({ baseline: perCoordinate(), controlVariate: all }),
    }),
  };
}

/** Point sets of a quarter of the budget, so that four of them tell their spread. */
function byPointSets({ budget }: Occasion): Words {
  let points = 2;
  while (points * 2 <= budget / 4) points *= 2;
  const sets = {
    "antithetic()": antithetic(),
    [`stratified({ points: ${points} })`]: stratified({ points }),
    [`sobol({ points: ${points} })`]: sobol({ points }),
    [`halton({ points: ${points} })`]: halton({ points }),
  };
  return Object.fromEntries(
    Object.entries(sets).flatMap(([word, noise]) => [
      [`pathwise({ noise: ${word} })`, pathwise({ noise })],
      [`scoreFunction({ noise: ${word} })`, scoreFunction({ noise, baseline: leaveOneOut() })],
    ]),
  );
}

const weak = (): Words => ({
  "measureValued()": measureValued(),
  'measureValued({ coupling: "antithetic" })': measureValued({ coupling: "antithetic" }),
  'measureValued({ coupling: "independent" })': measureValued({ coupling: "independent" }),
  'measureValued({ coupling: "pilot" })': measureValued({ coupling: "pilot" }),
  "measureValued({ noise: antithetic() })": measureValued({ noise: antithetic() }),
});

const discrete = ({ budget }: Occasion): Words => ({
  "enumerate()": enumerate(),
  "sumAndSample({ terms: 4 })": sumAndSample({ terms: 4 }),
  "unorderedSet({ draws: 4 })": unorderedSet({ draws: 4 }),
  ...(budget >= 16 && { "unorderedSet({ draws: 8 })": unorderedSet({ draws: 8 }) }),
});
