import { describe, expect, it } from "vitest";
import {
  annealed, batched, bernoulli, categorical, type Distribution, expectation, expression, gappedStraightThrough, gradient, gumbelSoftmax, lax, learnedControl, networkControl, normal, rebar, relax, straightThrough,
} from "../../src/index.ts";

/** Calls that TypeScript refuses, as JavaScript makes them. */
const loose = { annealed, gappedStraightThrough, gradient, gumbelSoftmax, lax, learnedControl, networkControl, rebar, relax, straightThrough } as unknown as Record<string, (...given: unknown[]) => never>;
const values = batched(() => {});
const smooth = expression((x) => x.sum());
const on = (p: unknown, f: unknown, by: unknown) => loose["gradient"]!(expectation(p as Distribution, f as typeof smooth), by, { samples: 2 });
const c = expression((z, { w }) => z.dot(w), { w: [3] });

const PATH = "Use scoreFunction() or pathwise().";
const COIN = "Use scoreFunction(), disarm() or enumerate().";
const INDEX = `${COIN} Or take oneHotCategorical(k).`;

const cases: readonly [string, () => unknown, new (message: string) => Error, string][] = [
  ["no temperature", () => loose["gumbelSoftmax"]!({}), TypeError, 'gumbelSoftmax: "temperature" expected a number > 0, or a schedule such as annealed({ from, to, steps }), got undefined'],
  ["a temperature of 0", () => gumbelSoftmax({ temperature: 0 }), RangeError, 'gumbelSoftmax: "temperature" expected a number > 0, got 0'],
  ["hard that is no truth", () => loose["gumbelSoftmax"]!({ temperature: 1, hard: 1 }), TypeError, 'gumbelSoftmax: "hard" expected true or false, got 1'],
  ["a misspelt option", () => loose["straightThrough"]!({ temp: 1 }), TypeError, 'straightThrough: "temp" expected no such option, got 1. Known: temperature, noise.'],
  ["a gap of 0", () => gappedStraightThrough({ temperature: 1, gap: 0 }), RangeError, 'gappedStraightThrough: "gap" expected a number > 0, got 0'],
  ["a schedule of no steps", () => annealed({ from: 1, to: 0.5, steps: 0 }), RangeError, 'annealed: "steps" expected integer >= 1, got 0'],
  ["a schedule to 0", () => annealed({ from: 1, to: 0, steps: 3 }), RangeError, 'annealed: "to" expected a number > 0, got 0'],
  ["an η of 0", () => rebar({ eta: 0 }), RangeError, 'rebar: "eta" expected a number > 0, got 0'],
  ["a temperature of text", () => loose["rebar"]!({ temperature: "1" }), TypeError, 'rebar: "temperature" expected a number > 0, got "1"'],
  ["to learn what is unknown", () => loose["rebar"]!({ learn: ["lambda"] }), TypeError, 'rebar: "learn" expected a list of "temperature" and "eta", got an array of 1'],
  ["a baseline that is a number", () => loose["rebar"]!({ baseline: 3 }), TypeError, 'rebar: "baseline" expected a baseline, got 3. For a number use constant(number).'],
  ["a rate of 0", () => relax({ rate: 0 }), RangeError, 'relax: "rate" expected a number > 0, got 0'],
  ["a bare expression as control variate", () => loose["relax"]!({ controlVariate: c }), TypeError, 'relax: "controlVariate" expected networkControl() or learnedControl(expression, initial), got an object with differentiable, twice, params, formula, context and bind'],
  ["a misspelt option within", () => loose["relax"]!({ relaxed: { lambda: 1 } }), TypeError, 'relax: "lambda" expected no such option, got 1. Known: temperature, eta, learn.'],
  ["a function as control", () => loose["learnedControl"]!(() => {}, {}), TypeError, 'learnedControl: "control" expected an expression, got a function. c is differentiated twice: write it as expression(formula, params).'],
  ["no beginning for a parameter", () => loose["learnedControl"]!(c, {}), TypeError, 'learnedControl: "initial.w" expected 3 numbers, got undefined'],
  ["a beginning of another length", () => learnedControl(c, { w: [1, 2] }), RangeError, 'learnedControl: "initial.w" expected 3 numbers, got 2'],
  ["a beginning that is NaN", () => learnedControl(c, { w: [1, Number.NaN, 2] }), RangeError, 'learnedControl: "initial.w[1]" expected a finite number, got NaN'],
  ["no hidden layer", () => networkControl({ hidden: [] }), TypeError, 'networkControl: "hidden" expected an array of widths, got an array of 0'],
  ["a hidden layer of 0", () => networkControl({ hidden: [3, 0] }), RangeError, 'networkControl: "hidden[1]" expected integer >= 1, got 0'],
  ["a normal relaxed", () => on(normal(1), smooth, gumbelSoftmax({ temperature: 1 })), TypeError, `gumbelSoftmax: normal has no relaxation. ${PATH}`],
  ["an index relaxed", () => on(categorical(3), smooth, gumbelSoftmax({ temperature: 1 })), TypeError, `gumbelSoftmax: categorical has no relaxation. ${INDEX}`],
  ["an index straight through", () => on(categorical(3), smooth, straightThrough()), TypeError, `straightThrough: categorical has no mean that can be differentiated. ${INDEX}`],
  ["a normal by gaps", () => on(normal(3), smooth, gappedStraightThrough({ temperature: 1 })), TypeError, `gappedStraightThrough: normal has no relaxation. ${PATH}`],
  ["values alone relaxed", () => on(bernoulli(3), values, gumbelSoftmax({ temperature: 1 })), TypeError, "gumbelSoftmax: f is not differentiable. Use differentiable(f) or expression(f), or scoreFunction()."],
  ["values alone by rebar", () => on(bernoulli(3), values, rebar()), TypeError, "rebar: f is not differentiable. Use differentiable(f) or expression(f), or scoreFunction()."],
  ["values alone by relax with f relaxed", () => on(bernoulli(3), values, relax({ relaxed: {} })), TypeError, "relax: f is not differentiable. Use differentiable(f) or expression(f), or scoreFunction()."],
  ["an index by relax", () => on(categorical(3), values, relax()), TypeError, `relax: categorical has no relaxation. ${INDEX}`],
  ["a relaxation without a latent given x", () => on({ ...bernoulli(3), conditional: undefined }, values, relax()), TypeError, `relax: bernoulli has no latent given x. ${COIN}`],
  ["a coin by lax", () => on(bernoulli(3), values, lax()), TypeError, `lax: bernoulli has no path. ${COIN}`],
  ["a path that pushes nothing", () => on({ ...normal(1), path: { ...normal(1).path, push: undefined } }, values, lax()), TypeError, "lax: the path of normal has no push, and what is learned needs one. Use scoreFunction(), or pathwise() where f is differentiable."],
  ["a relaxation of another width", () => on({ ...bernoulli(3), dim: 2 }, smooth, rebar()), TypeError, "rebar: bernoulli relaxes to points of width 3, and draws points of width 2: f cannot take both."],
  ["a control variate of another width", () => on(bernoulli(2), values, relax({ controlVariate: learnedControl(c, { w: [1, 2, 3] }) })), RangeError, "expression: mul expected operands of one width, or of width 1, got x of width 2 and w of width 3"],
];

describe("a refusal names caller, argument, what was expected, what came, and the cure", () => {
  it.each(cases)("for %s", (_, call, kind, message) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect((thrown as Error | undefined)?.message).toBe(message);
    expect(thrown).toBeInstanceOf(kind);
  });
});
