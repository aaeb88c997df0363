import { shown } from "../errors.ts";
import { type StochasticTriple, written } from "../programs/stochastic-triple.ts";
import type { Unary } from "../tape/node.ts";

/** What may happen with probability weight · ε. Triples that it would change share it. */
export interface Event {
  readonly tag: number;
  weight: number;
  /** Until another event wins over it. */
  alive: boolean;
}

/** What triples of one source share. */
export interface Source {
  /** A number as a triple that does not change. */
  lift(operation: string, x: unknown): Triple;
  /** Of several events the one that lives, chosen in proportion to their weights; it takes the others' weights over. */
  prune(events: Iterable<Event>): Event | undefined;
  function(op: Unary, x: number): readonly [value: number, slope: number];
}

/**
 * value + delta ε + (perturbation with probability weight ε): a number with what an infinitesimal change of the variable does to it.
 *
 * Arithmetic makes triples of triples. Of the events that meet in one, a single one lives on, chosen with a probability in proportion to
 * its weight. Arya, Schauer, Schäfer & Rackauckas 2022.
 */
export class Triple implements StochasticTriple {
  readonly value: number;
  readonly delta: number;
  readonly #jump: number;
  readonly #event: Event | undefined;
  readonly #source: Source;

  constructor(source: Source, value: number, delta: number, jump = 0, event?: Event) {
    this.value = value;
    this.delta = delta;
    this.#source = source;
    this.#jump = jump;
    this.#event = jump === 0 ? undefined : event;
  }

  /** The event that would change this value, if there is one alive. */
  get event(): Event | undefined { return this.#event?.alive === true ? this.#event : undefined; }
  get perturbation(): number { return this.event === undefined ? 0 : this.#jump; }
  get weight(): number { return this.event?.weight ?? 0; }
  /** The number of that event: triples of one tag change together. 0 if there is none. */
  get tag(): number { return this.event?.tag ?? 0; }
  get derivative(): number { return this.delta + this.perturbation * this.weight; }
  /** The value, should the event happen. */
  after(event: Event | undefined): number { return event !== undefined && event === this.event ? this.value + this.#jump : this.value; }

  add(other: Triple | number): Triple { return this.#with("add", other, ([a, b]) => a! + b!, () => [1, 1]); }
  sub(other: Triple | number): Triple { return this.#with("sub", other, ([a, b]) => a! - b!, () => [1, -1]); }
  mul(other: Triple | number): Triple { return this.#with("mul", other, ([a, b]) => a! * b!, ([a, b]) => [b!, a!]); }
  div(other: Triple | number): Triple { return this.#with("div", other, ([a, b]) => a! / b!, ([a, b]) => [1 / b!, -a! / (b! * b!)]); }
  /** Where the two are equal, the slope of this one. */
  maximum(other: Triple | number): Triple { return this.#with("maximum", other, ([a, b]) => Math.max(a!, b!), ([a, b]) => (a! >= b! ? [1, 0] : [0, 1])); }
  minimum(other: Triple | number): Triple { return this.#with("minimum", other, ([a, b]) => Math.min(a!, b!), ([a, b]) => (a! <= b! ? [1, 0] : [0, 1])); }
  neg(): Triple { return this.mul(-1); }
  square(): Triple { return this.mul(this); }
  sqrt(): Triple { return this.#function("sqrt"); }
  exp(): Triple { return this.#function("exp"); }
  log(): Triple { return this.#function("log"); }
  log1p(): Triple { return this.#function("log1p"); }
  expm1(): Triple { return this.#function("expm1"); }
  sin(): Triple { return this.#function("sin"); }
  cos(): Triple { return this.#function("cos"); }
  tanh(): Triple { return this.#function("tanh"); }
  sigmoid(): Triple { return this.#function("sigmoid"); }
  softplus(): Triple { return this.#function("softplus"); }

  /**
   * Whether it is so, with the event as without; refused where that differs, because a branch has no derivative, and where one side moves
   * against the other: what happens when they cross would be lost.
   */
  lt(other: Triple | number): boolean { return this.#compared("lt", other, (a, b) => a < b); }
  le(other: Triple | number): boolean { return this.#compared("le", other, (a, b) => a <= b); }
  gt(other: Triple | number): boolean { return this.#compared("gt", other, (a, b) => a > b); }
  ge(other: Triple | number): boolean { return this.#compared("ge", other, (a, b) => a >= b); }
  eq(other: Triple | number): boolean { return this.#compared("eq", other, (a, b) => a === b); }

  /** As the theory writes it: `0 + 0ε + (1 with probability 2.0ε)`. */
  toString(): string { return written(this.value, this.delta, this.perturbation, this.weight); }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(`triples: a triple is no number: it stands for two, one of them infinitely rare. Use its methods: x.add(y) for x + y, x.lt(y) for x < y; or x.value.`);
  }

  #with(operation: string, other: Triple | number, f: (x: readonly number[]) => number, slopes: (x: readonly number[]) => readonly number[]): Triple {
    return combined(this.#source, [this, this.#source.lift(operation, other)], f, slopes);
  }

  #function(op: Unary): Triple {
    const of = (x: number): readonly [number, number] => this.#source.function(op, x);
    return combined(this.#source, [this], ([x]) => of(x!)[0], ([x]) => [of(x!)[1]]);
  }

  #compared(operation: string, given: Triple | number, holds: (a: number, b: number) => boolean): boolean {
    const other = this.#source.lift(operation, given);
    if (this.delta !== other.delta) {
      throw new TypeError(`triples: ${operation} of ${this} and ${other}, which move with the variable, has no derivative where they cross. Draw the outcome: bernoulli(its probability); for a kink use maximum or minimum; to compare the numbers as they are, their value.`);
    }
    const now = holds(this.value, other.value);
    for (const event of [this.event, other.event]) {
      if (holds(this.after(event), other.after(event)) === now) continue;
      throw new TypeError(`triples: ${operation} is ${now} for ${shown(this.value)} and ${shown(other.value)}, but ${!now} after the change that may happen to them. A branch on it has no derivative: use arithmetic, at(array, index), or replay().`);
    }
    return now;
  }
}

/** y = f(x): along the slopes, and by one event of those that the inputs have. */
export function combined(source: Source, inputs: readonly Triple[], f: (x: readonly number[]) => number, slopes: (x: readonly number[]) => readonly number[]): Triple {
  const values = inputs.map(({ value }) => value);
  const value = f(values);
  const event = source.prune(inputs.flatMap((x) => x.event ?? []));
  const moving = inputs.some(({ delta }) => delta !== 0);
  const delta = moving ? slopes(values).reduce((sum, slope, i) => (inputs[i]!.delta === 0 ? sum : sum + slope * inputs[i]!.delta), 0) : 0;
  return new Triple(source, value, delta, event === undefined ? 0 : f(inputs.map((x) => x.after(event))) - value, event);
}
