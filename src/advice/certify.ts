import type { Core } from "../core/core.ts";
import { finite, has, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { type Key, keyed } from "../key.ts";
import type { Shapes, Values } from "../vocabulary/distribution.ts";
import type { Lanes } from "../vocabulary/integrand.ts";
import { type Against, bound, type Gradients, mapped, spread, type Subject } from "./reference.ts";
import { type Chosen, referenceFor } from "./references.ts";
import { table } from "./table.ts";

export interface CertifyOptions<S extends Shapes = Shapes> {
  /** Where the gradient is taken: θ `[batch, …shape]`, shared parameters `[…shape]`. */
  readonly params: Values<S, Float64Array>;
  readonly key: Key;
  /** Samples of one estimate; 64 unless given. */
  readonly samples?: number;
  /** Independent estimates whose mean is compared; 256 unless given. */
  readonly rounds?: number;
  readonly batch?: number;
  readonly context?: Lanes["context"];
  /**
   * What it is compared with; unless given, the sum over the support where that has at most 4,096 points, quadrature over at most 3
   * variables where it converges, else differences.
   */
  readonly against?: Against;
  /** Of differences: how far θ is moved, relative to coordinates above 1; 0.01 unless given. Their bias is of the order of its square. */
  readonly step?: number;
  /** Of quadrature: the most evaluations of f at once, 1,000,000 unless given. Lower it for an f that is slow. */
  readonly points?: number;
}

/** One coordinate of the gradient, estimated and as it should be. */
export interface Coordinate {
  /** `logits[3]` */
  readonly name: string;
  readonly estimate: number;
  readonly reference: number;
  /** How far the reference itself may be off: a standard error of differences, the step from a coarser rule of quadrature, 0 of a sum. */
  readonly referenceError: number;
  /** The standard error of their difference, with the error of the reference. */
  readonly standardError: number;
  /** Their difference in standard errors: about a standard normal number if the estimator is unbiased. */
  readonly z: number;
}

/** What was compared, and how far apart it is. Prints as a table. */
export interface Certificate {
  readonly estimator: string;
  readonly against: Against;
  /** Why a reference that is better in principle was not used: quadrature that did not converge, or is over too many variables. */
  readonly note: string | undefined;
  readonly coordinates: readonly Coordinate[];
  /** The largest |z|. */
  readonly worst: number;
  /** No |z| is above what chance exceeds less than once in 10,000 such tables: 4.1 for one coordinate, 5.5 for 1,000 of 256 rounds. */
  readonly unbiased: boolean;
  /** How often f was evaluated, all in all. */
  readonly evaluations: number;
  toString(): string;
}

/** Below this share of the gradient's size a difference is rounding, whatever the standard errors say. */
const ROUNDING = 1e-9;

/**
 * Tests on your own f, family or estimator whether the mean of an estimator is the gradient: z-scores of many independent estimates against
 * an exact sum, an integral by quadrature, or differences under common random numbers. Expectations and importance bounds alike.
 *
 * Quadrature and the sum use the family's own score (against a score that is suspected, take differences). A learned estimator learns meanwhile, as it would in use. The estimate is taken in f64.
 *
 * @throws {RangeError} if the reference asked for cannot be had: too large a support, too many variables, quadrature that did not converge
 * @throws {TypeError} if the estimator cannot work with the family or f, as `gradient` does
 */
export function certifyOn(core: Core, objective: Subject["objective"], by: object, options: CertifyOptions): Certificate {
  const caller = "certify";
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["params", "key", "samples", "rounds", "batch", "context", "against", "step", "points"]);
  if (!has("plan", by)) throw wrongKind(caller, "estimator", "an estimator, such as scoreFunction()", by);
  const key = keyed(caller, options.key);
  const samples = integer(caller, "samples", options.samples ?? 64);
  const rounds = integer(caller, "rounds", options.rounds ?? 256, 8);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const step = finite(caller, "step", options.step ?? 0.01, "a number > 0", (x) => x > 0);
  const points = integer(caller, "points", options.points ?? 1_000_000);
  const subject = { objective, params: options.params, batch, context: options.context };
  const { against } = options;
  if (against !== undefined && !NAMES.has(against)) throw wrongValue(caller, "against", '"enumeration", "quadrature" or "differences"', against);
  const seen = estimates(core, subject, by, { key: key.fold("estimates"), samples, rounds });
  const chosen = referenceFor(subject, against, { core, key: key.fold("reference"), samples, rounds, step, points }, seen.error);
  return certificate((by as { readonly name: string }).name, seen, rounds, chosen);
}

const NAMES: ReadonlySet<unknown> = new Set<Against>(["enumeration", "quadrature", "differences"]);

interface Seen {
  readonly gradient: Gradients;
  readonly error: Gradients;
  readonly evaluations: number;
}

function estimates(core: Core, subject: Subject, by: object, { key, samples, rounds }: { key: Key; samples: number; rounds: number }): Seen {
  const { params, context } = subject;
  const grad = bound(core, subject, by, samples);
  try {
    const each = Array.from({ length: rounds }, (_, round) => grad.estimate(params, key.fold(round), { ...(context && { context }) }));
    const columns = mapped(each[0]!.gradient, (g, name) => Array.from(g, (_, i) => spread(each.map(({ gradient }) => gradient[name]![i]!))));
    return {
      gradient: mapped(columns, (column) => Float64Array.from(column, ({ mean }) => mean)),
      error: mapped(columns, (column) => Float64Array.from(column, ({ error }) => error)),
      evaluations: each.reduce((sum, { evaluations: { value, gradient } }) => sum + value + gradient, 0),
    };
  } finally {
    grad.dispose();
  }
}

function certificate(estimator: string, seen: Seen, rounds: number, { reference, note }: Chosen): Certificate {
  const coordinates = Object.entries(reference.gradient).flatMap(([name, truth]) =>
    Array.from(truth, (expected, i): Coordinate => {
      const estimate = seen.gradient[name]![i]!;
      const [own, other] = [seen.error[name]![i]!, reference.error[name]![i]!];
      const standardError = Math.sqrt(own * own + other * other);
      const rounding = ROUNDING * (1 + Math.abs(expected));
      return { name: `${name}[${i}]`, estimate, reference: expected, referenceError: other, standardError, z: (estimate - expected) / Math.max(standardError, rounding) };
    }),
  );
  const worst = coordinates.reduce((most, { z }) => Math.max(most, Math.abs(z)), 0);
  const unbiased = worst <= limit(coordinates.length, rounds);
  const evaluations = seen.evaluations + reference.evaluations;
  const certified = { estimator, against: reference.against, note, coordinates, worst, unbiased, evaluations };
  return Object.defineProperty(certified, "toString", { value: () => printed(certified) });
}

/**
 * The largest |z| that n numbers exceed less than once in 10,000 times: 4 for one, 0.14 more for each doubling if they are standard normal,
 * and as much more as Student's t has with the degrees of freedom of so many rounds, to first order.
 */
function limit(n: number, rounds: number): number {
  let most = 4;
  for (let count = 1; count < n; count *= 2) most += 0.14;
  return most * (1 + (most * most + 1) / (4 * (rounds - 1)));
}

const SHOWN = 12;

function printed({ estimator, against, note, coordinates, worst, unbiased, evaluations }: Omit<Certificate, "toString">): string {
  const far = [...coordinates].sort((a, b) => Math.abs(b.z) - Math.abs(a.z)).slice(0, SHOWN);
  const rows = far.map(({ name, estimate, reference, referenceError, standardError, z }) => [name, ...[estimate, reference].map((x) => x.toPrecision(4)), referenceError.toPrecision(2), standardError.toPrecision(3), z.toFixed(2)]);
  const verdict = unbiased ? `no sign of bias: the largest |z| of ${coordinates.length} is ${worst.toFixed(2)}` : `biased: the largest |z| of ${coordinates.length} is ${worst.toFixed(1)}`;
  const why = note === undefined ? [] : [`No quadrature: ${note}.`];
  return [`${estimator} against ${against}, ${evaluations} evaluations of f: ${verdict}`, table(["coordinate", "estimate", against, "its error", "± (s.e.)", "z"], rows), ...why].join("\n");
}
