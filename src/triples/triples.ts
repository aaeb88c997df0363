import type { Core } from "../core/core.ts";
import { finite, shown, wrongKind } from "../errors.ts";
import { type Key, keyed } from "../key.ts";
import { bernoulli, binomial, categorical, geometric, type Kind, poisson } from "../replay/kinds.ts";
import { noises, unit } from "../replay/noise.ts";
import { numbers } from "../replay/numbers.ts";
import { combined, type Event, type Source, Triple } from "./triple.ts";
import { valueAndSlope } from "./functions.ts";

type Number = Triple | number;

/** Where stochastic triples come from: the variable, and draws with parameters that are triples or numbers. */
export interface Triples {
  /** What is differentiated in: x + 1ε. */
  variable(x: number): Triple;
  /** A number that jumps by `perturbation` with probability weight · ε. */
  perturbed(x: number, perturbation: number, weight: number): Triple;
  /** 1 with probability p, else 0. */
  bernoulli(p: Number): Triple;
  /** Failures before the first success. */
  geometric(p: Number): Triple;
  /** Successes in `count` trials. */
  binomial(count: Number, p: Number): Triple;
  poisson(rate: Number): Triple;
  /** An index, with these probabilities. */
  categorical(probs: readonly Number[]): Triple;
  /** Standard unless given. */
  normal(mean?: Number, scale?: Number): Triple;
  /** In (0, 1) unless given. */
  uniform(low?: Number, high?: Number): Triple;
  /** Mean 1 / rate; rate 1 unless given. */
  exponential(rate?: Number): Triple;
  /** The entry that the index names; entries and index may jump. */
  at(array: readonly Number[], index: Number): Triple;
}

/**
 * Arithmetic of stochastic triples, number by number: for teaching, and for programs too small to trace.
 *
 * `const t = triples(key(1)); const p = t.variable(0.5); String(t.bernoulli(p).mul(3).add(p))`. The mean of `derivative` over keys is the
 * derivative of the expectation, without bias. What runs often is faster as a program, by `derivative`.
 */
export function triplesOn(core: Core, key: Key): Triples {
  const own = keyed("triples", key);
  const noise = noises(core, own.fold("draws"))(0);
  const wins = own.fold("wins");
  let [discrete, continuous, choices, tags] = [0, 0, 0, 0];
  const event = (weight: number): Event => ({ tag: ++tags, weight, alive: true });
  const source: Source = {
    lift(operation, x) {
      if (x instanceof Triple) return x;
      if (typeof x !== "number") throw wrongKind("triples", operation, "triples or numbers", x);
      return new Triple(source, x, 0);
    },
    prune(events) {
      let living: Event | undefined;
      for (const other of new Set(events)) living = living === undefined ? other : contest(living, other, unit(wins.fold(choices++)));
      return living;
    },
    function: (op, x) => valueAndSlope(core, op, x),
  };

  function drawn(kind: Kind, given: readonly Number[]): Triple {
    const parameters = given.map((x) => source.lift(kind.name, x));
    const i = discrete++;
    const functions = numbers(core, "triples");
    const quantile = (values: readonly number[]): number => {
      if (!kind.admits(values)) throw new RangeError(`triples: ${kind.name} expected ${kind.expected}, got ${values.map(shown).join(", ")}`);
      return kind.quantile(noise.uniform(i), values, functions, (index) => noise.more(i, index));
    };
    try {
      if (kind === binomial && parameters[0]!.delta !== 0) throw new TypeError("triples: the trials of a binomial draw are whole and cannot move. Draw them, or fix them.");
      const x = combined(source, parameters, quantile, () => []);
      return born(kind.name, x.value, x, kind.flips(x.value, parameters.map(({ value }) => value), parameters.map(({ delta }) => delta)));
    } finally {
      functions.free();
    }
  }

  /** The draw with one of its own flips as an event beside that of its parameters: one of the two lives. */
  function born(kind: string, value: number, x: Triple, flips: ReturnType<Kind["flips"]>): Triple {
    const still = new Triple(source, value, 0, x.perturbation, x.event);
    if (flips.some(({ weight }) => weight < 0)) throw new RangeError(`triples: a draw of ${kind} at the end of its range cannot move out of it. Start the variable a little inside.`);
    const total = flips.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0) return still;
    let left = unit(wins.fold(choices++)) * total;
    const chosen = flips.find(({ weight }) => (left -= weight) < 0) ?? flips.at(-1)!;
    const flipped = new Triple(source, value, 0, chosen.outcome - value, event(total));
    return combined(source, [still, flipped], ([a, b]) => a! + b! - value, () => []);
  }

  const lifted = (name: string, ...given: readonly Number[]): readonly Triple[] => given.map((x) => source.lift(name, x));
  return Object.freeze({
    variable: (x: number) => new Triple(source, finite("triples", "variable", x), 1),
    perturbed: (x: number, perturbation: number, weight: number) =>
      new Triple(source, finite("triples", "value", x), 0, finite("triples", "perturbation", perturbation), event(finite("triples", "weight", weight, "a number > 0", (w) => w > 0))),
    bernoulli: (p: Number) => drawn(bernoulli, [p]),
    geometric: (p: Number) => drawn(geometric, [p]),
    binomial: (count: Number, p: Number) => drawn(binomial, [count, p]),
    poisson: (rate: Number) => drawn(poisson, [rate]),
    categorical: (probs: readonly Number[]) => drawn(categorical, Array.from(probs)),
    normal(mean: Number = 0, scale: Number = 1) {
      const [m, s] = lifted("normal", mean, scale);
      return s!.mul(noise.normal(continuous++)).add(m!);
    },
    uniform(low: Number = 0, high: Number = 1) {
      const [a, b] = lifted("uniform", low, high);
      return b!.sub(a!).mul(noise.place(continuous++)).add(a!);
    },
    exponential(rate: Number = 1) {
      const [r] = lifted("exponential", rate);
      return source.lift("exponential", noise.exponential(continuous++)).div(r!);
    },
    at(array: readonly Number[], index: Number) {
      const [place, ...entries] = lifted("at", index, ...array) as [Triple, ...Triple[]];
      if (place.delta !== 0) throw new TypeError("triples: at expected an index that does not move with the variable. Draw it.");
      return combined(source, [place, ...entries], entryOf, ([i]) => [0, ...entries.map((_, k) => (k === i ? 1 : 0))]);
    },
  });
}

function contest(a: Event, b: Event, u: number): Event {
  const [winner, loser] = u * (a.weight + b.weight) < a.weight ? [a, b] : [b, a];
  winner.weight += loser.weight;
  loser.alive = false;
  return winner;
}

function entryOf([index, ...entries]: readonly number[]): number {
  if (!Number.isInteger(index) || entries[index!] === undefined) throw new RangeError(`triples: at expected an index in 0 … ${entries.length - 1}, got ${shown(index)}`);
  return entries[index!]!;
}
