import type { Core } from "../core/core.ts";
import { wrongValue } from "../errors.ts";
import { type Key, keyed } from "../key.ts";
import { called } from "./arguments.ts";
import { single } from "./derivative.ts";
import { parts } from "./directional.ts";
import { withMachine } from "./machine.ts";
import type { Parameter, Program } from "./program.ts";

/** value + delta ε + (perturbation with probability weight ε): one run of a program, and what an infinitesimal change does to it. */
export interface StochasticTriple {
  readonly value: number;
  /** The derivative along which the value moves. */
  readonly delta: number;
  /** The finite change that it makes with probability weight · ε. */
  readonly perturbation: number;
  readonly weight: number;
  /** delta + perturbation · weight: its mean is the derivative of the expectation. */
  readonly derivative: number;
  /** As the theory writes it: `35 + 0ε + (1 with probability 62.72ε)`. */
  toString(): string;
}

/**
 * One run of a program of one number, differentiated in it: a stochastic triple.
 *
 * Arya, Schauer, Schäfer & Rackauckas 2022, "Automatic differentiation of programs with discrete randomness".
 *
 * @throws {RangeError} if the parameters are more than one number, or the result is wider than 1
 */
export function stochasticTripleOn<N extends string>(core: Core, program: Program<N>, parameters: { readonly [K in N]: Parameter }, key: Key): StochasticTriple {
  const caller = "stochasticTriple";
  const call = called(caller, program as unknown as Program, parameters, undefined);
  if (call.packed.length !== 1) throw wrongValue(caller, "parameters", "one number", `${call.packed.length} numbers`, "Write the others into the program, or use derivative().");
  single(call);
  return withMachine(core, call, parts(call, Object.keys(call.trace.shapes)[0]!), keyed(caller, key), 1, [1], ({ run }) => {
    const { value, delta, perturbation, weight } = run(0, 1);
    return triple(value![0]!, delta![0]!, perturbation![0]!, weight![0]!);
  });
}

function triple(value: number, delta: number, perturbation: number, weight: number): StochasticTriple {
  return Object.freeze({
    value,
    delta,
    perturbation,
    weight,
    derivative: delta + perturbation * weight,
    toString: () => written(value, delta, perturbation, weight),
  });
}

/** A triple as the theory writes it. */
export function written(value: number, delta: number, perturbation: number, weight: number): string {
  return `${shown(value)} + ${shown(delta)}ε + (${shown(perturbation)} with probability ${decimal(weight)}ε)`;
}

/** Four digits, as many as one run can mean. */
function shown(x: number): string {
  return String(Number(x.toPrecision(4)));
}

/** A weight is a real number and looks it: `2.0`. */
function decimal(x: number): string {
  const digits = shown(x);
  return /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}
