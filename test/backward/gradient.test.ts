import { describe, expect, test } from "vitest";
import { constant, disarm, enumerate, type ForDraws, key, leaveOneOut, movingAverage, none, pathwise, programGradient, scoreFunction } from "../../src/index.ts";
import { A, agree, B, both, chain, chosen, type Graph, slopes, three, traced } from "./graphs.ts";

const estimators: Readonly<Record<string, unknown>> = {
  default: undefined, score: scoreFunction(), none: scoreFunction({ baseline: none() }), constant: scoreFunction({ baseline: constant(1) }),
  average: scoreFunction({ baseline: movingAverage() }), others: scoreFunction({ baseline: leaveOneOut() }), disarm: disarm(), all: enumerate(), path: pathwise(),
};
const graphs: Readonly<Record<string, readonly [Graph, readonly (readonly string[])[]]>> = {
  "flip → flip → costs": [chain, [["default", "default"], ["none", "constant"], ["average", "others"], ["disarm", "disarm"], ["all", "disarm"], ["disarm", "score"], ["score", "all"], ["all", "all"]]],
  "index → normal → cost": [chosen, [["default", "default"], ["all", "path"], ["all", "score"], ["score", "score"], ["none", "none"]]],
  "flip → normal → flip → costs": [three, [["default", "default", "default"], ["disarm", "path", "disarm"], ["all", "score", "all"], ["score", "path", "all"], ["disarm", "score", "score"], ["all", "path", "disarm"]]],
};
const cases = Object.entries(graphs).flatMap(([name, [graph, choices]]) => choices.map((choice) => [name, choice.join(", "), graph, choice.map((own) => estimators[own] as ForDraws<never>)] as const));

describe.each(cases)("%s by %s", (_, __, graph, by) => {
  test.each(["f64", "f32"] as const)("has the gradient of the expectation in %s", (precision) => {
    const of = (x: readonly number[]): Float64Array => (precision === "f64" ? Float64Array.from(x) : Float32Array.from(x)) as Float64Array;
    using gradient = programGradient(traced(graph, by), { samples: 6007, precision: precision as "f64" });
    const params = { a: of(A), b: of(B) };
    gradient.estimate(params, key("first")); // moving averages have something to tell
    const found = gradient.estimate(params, key(7));
    const exact = both(graph);
    agree([...found.value], [...found.valueStandardError], [exact([...A, ...B])], precision);
    agree([...found.gradient.a, ...found.gradient.b], [...found.standardError.a, ...found.standardError.b], slopes(exact, [...A, ...B]), precision);
    expect([...gradient.value(params, key(7))]).toEqual([...found.value]);
  });
});
