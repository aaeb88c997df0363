import type { Points, Precision } from "../core/core.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { numbers } from "../parameters.ts";
import type { Checked } from "./problem.ts";

/** How a transport problem is solved. */
export interface SinkhornOptions<A extends Points = Points> {
  readonly rows: number;
  readonly columns: number;
  /** ε > 0 in the units of the cost: with `cost`. */
  readonly regularization?: number;
  /** τ > 0 in the units of the logits: with `logits`. */
  readonly temperature?: number;
  /** Share of the mass that may be in a wrong row or column; 1e-9 unless given, 1e-5 in f32. At 0 all iterations are done. */
  readonly tolerance?: number;
  /** 2,000 unless given. */
  readonly maximumIterations?: number;
  /** "exponential" (products of a kernel that is stabilised) unless given; "logarithmic" takes 10–20 times as long to the same end. */
  readonly domain?: "exponential" | "logarithmic";
  /** Solve first at `from`, then at it times `factor` (1/4 unless given) again and again, down to the regularization or temperature. */
  readonly annealing?: { readonly from: number; readonly factor?: number };
  /** Steps of so many times their length, in [1, 2); 1 unless given. "adaptive" measures how fast plain ones converge, and takes the best for that. */
  readonly overRelaxation?: number | "adaptive";
  /** Extrapolates from as many of the last iterates (Anderson acceleration), 2 to 10; rests where that gains nothing. 0 unless given. */
  readonly anderson?: number;
  /** Potentials to begin with: those of an earlier result, or a result itself. */
  readonly start?: { readonly rowPotentials?: A; readonly columnPotentials: A };
  /** ρ > 0, in the units of the cost: rows may miss their marginals for ρ · KL. ∞ unless given: they must hold. */
  readonly rowStrength?: number;
  readonly columnStrength?: number;
}

const KNOWN = ["rows", "columns", "regularization", "temperature", "tolerance", "maximumIterations", "domain", "annealing", "overRelaxation", "anderson", "start", "rowStrength", "columnStrength"];
const TOLERANCE: Readonly<Record<Precision, number>> = { f64: 1e-9, f32: 1e-5 };
const MOST_MEMORY = 10;
/** Numbers and regularizations up to here: sums of potentials, one for each row and column, stay within the range of numbers. */
export const LARGEST: Readonly<Record<Precision, number>> = { f64: 2 ** 1000, f32: 2 ** 104 };

/** Options in the form the solver has them. */
export interface Settings {
  /** ε or τ, stage by stage; the last is the one asked for. */
  readonly regularizations: readonly number[];
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly logarithmic: boolean;
  readonly overRelaxation: number | "adaptive";
  readonly anderson: number;
  readonly start: { readonly rowPotentials: Points | undefined; readonly columnPotentials: Points } | undefined;
  readonly strengths: readonly [rows: number, columns: number];
}

/** Whether both marginals must hold; asked before the rest is read. */
export function strengthsOf(caller: string, options: SinkhornOptions, more: readonly string[] = []): readonly [number, number] {
  onlyOptions(caller, options, [...KNOWN, ...more]);
  const strength = (name: "rowStrength" | "columnStrength"): number => {
    const given = options[name] ?? Number.POSITIVE_INFINITY;
    return given === Number.POSITIVE_INFINITY ? given : finite(caller, name, given, "a number > 0, or Infinity", (x) => x > 0);
  };
  return [strength("rowStrength"), strength("columnStrength")];
}

export function settingsOf(caller: string, options: SinkhornOptions, problem: Checked, strengths: readonly [number, number]): Settings {
  const { domain = "exponential" } = options;
  if (domain !== "exponential" && domain !== "logarithmic") throw wrongValue(caller, "domain", '"exponential" or "logarithmic"', domain);
  return {
    regularizations: stages(caller, options, problem),
    tolerance: finite(caller, "tolerance", options.tolerance ?? TOLERANCE[problem.precision], "a number >= 0", (x) => x >= 0),
    maximumIterations: integer(caller, "maximumIterations", options.maximumIterations ?? 2000, 1, 2 ** 31 - 1),
    logarithmic: domain === "logarithmic",
    overRelaxation: options.overRelaxation === "adaptive" ? "adaptive" : finite(caller, "overRelaxation", options.overRelaxation ?? 1, 'a number in [1, 2), or "adaptive"', (x) => x >= 1 && x < 2),
    anderson: memoryOf(caller, options.anderson ?? 0),
    start: startOf(caller, options.start, problem),
    strengths,
  };
}

function memoryOf(caller: string, given: number): number {
  if (given === 1) throw wrongValue(caller, "anderson", `0, or 2 to ${MOST_MEMORY}`, 1, "There is nothing to extrapolate from a single iterate.");
  return integer(caller, "anderson", given, 0, MOST_MEMORY);
}

function stages(caller: string, options: SinkhornOptions, { form, precision }: Checked): readonly number[] {
  const [own, other] = form === "cost" ? (["regularization", "temperature"] as const) : (["temperature", "regularization"] as const);
  if (options[other] !== undefined) throw wrongKind(caller, other, `no such option with ${form}`, options[other], `Say "${own}".`);
  const last = finite(caller, own, options[own], `a number > 0, at most ${LARGEST[precision].toPrecision(2)}`, (x) => x > 0 && x <= LARGEST[precision]);
  if (options.annealing === undefined) return [last];
  onlyOptions(caller, options.annealing, ["from", "factor"]);
  const from = finite(caller, "annealing.from", options.annealing.from, `a number >= ${own}`, (x) => x >= last);
  const factor = finite(caller, "annealing.factor", options.annealing.factor ?? 0.25, "a number in (0, 0.95]", (x) => x > 0 && x <= 0.95);
  const found: number[] = [];
  for (let each = from; each > last * 1.0001; each *= factor) found.push(each);
  return [...found, last];
}

function startOf(caller: string, start: unknown, { batch, rows, columns, precision }: Checked): Settings["start"] {
  if (start === undefined) return undefined;
  if (typeof start !== "object" || start === null) throw wrongKind(caller, "start", "an object with columnPotentials", start);
  const { rowPotentials, columnPotentials } = start as { rowPotentials?: unknown; columnPotentials?: unknown };
  const potentials = (name: string, value: unknown, length: number): Points => {
    const array = numbers(caller, `start.${name}`, value, precision, length);
    for (let i = 0; i < length; i++) if (!(array[i]! < Number.POSITIVE_INFINITY)) throw wrongValue(caller, `start.${name}[${i}]`, "a number, or -Infinity", array[i]);
    return array;
  };
  return {
    rowPotentials: rowPotentials === undefined ? undefined : potentials("rowPotentials", rowPotentials, batch * rows),
    columnPotentials: potentials("columnPotentials", columnPotentials, batch * columns),
  };
}
