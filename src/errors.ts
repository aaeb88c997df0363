/**
 * Every error reads `<caller>: "<argument>" expected <what>, got <what>. <Cure.>`:
 * TypeError for a wrong kind, RangeError for a wrong value, ReferenceError after disposal.
 */

const NAMED = 40; // characters of a value that an error shows

/** A value as an error shows it: short, on one line, with its kind where the value alone would not tell. */
export function shown(value: unknown): string {
  if (typeof value === "string") return value.length > NAMED ? `"${value.slice(0, NAMED)}…"` : `"${value}"`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${(value as unknown as { length: number }).length}`;
  if (typeof value === "object" && value !== null) return `an object with ${listed(Object.keys(value)) || "no keys"}`;
  return String(value);
}

/** Whether a value is an object with this method. A bare function has a `bind` of its own, and is none of ours. */
export function has(method: string, value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as Record<string, unknown>)[method] === "function";
}

/** `a, b and c` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

const sentence = (caller: string, argument: string, expected: string, got: string, cure: string): string =>
  `${caller}: "${argument}" expected ${expected}, got ${got}${cure && `. ${cure}`}`;

export function wrongKind(caller: string, argument: string, expected: string, value: unknown, cure = ""): TypeError {
  return new TypeError(sentence(caller, argument, expected, shown(value), cure));
}

export function wrongValue(caller: string, argument: string, expected: string, value: unknown, cure = ""): RangeError {
  return new RangeError(sentence(caller, argument, expected, typeof value === "string" ? value : shown(value), cure));
}

export function disposed(caller: string, what: string): ReferenceError {
  return new ReferenceError(`${caller}: this ${what} was disposed. Make a new one, or dispose later.`);
}

/** `value` if it is an integer of at least `least`; never rounded, never truncated. */
export function integer(caller: string, argument: string, value: unknown, least = 1, most: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number") throw wrongKind(caller, argument, `integer >= ${least}`, value);
  if (!Number.isSafeInteger(value) || value < least) throw wrongValue(caller, argument, `integer >= ${least}`, value);
  if (value > most) throw wrongValue(caller, argument, `integer <= ${most}`, value);
  return value;
}

/** `value` if it is a finite number for which `admits` holds. */
export function finite(caller: string, argument: string, value: unknown, expected = "a finite number", admits: (x: number) => boolean = () => true): number {
  if (typeof value !== "number") throw wrongKind(caller, argument, expected, value);
  if (!Number.isFinite(value) || !admits(value)) throw wrongValue(caller, argument, expected, value);
  return value;
}


/** Refuses option names that nobody reads: a misspelt option must not be silently ignored. */
export function onlyOptions(caller: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw wrongKind(caller, "options", "an object", options);
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw wrongKind(caller, name, "no such option", (options as Record<string, unknown>)[name], `Known: ${known.join(", ")}.`);
  }
}

/** What has a closed form in some families, */
const CLOSED = { moments: "mean and variance", entropy: "entropy", divergence: "KL divergence" } as const;

/** and how else it is had. */
export const fromDraws: Readonly<Record<keyof typeof CLOSED, string>> = {
  moments: "Estimate them from draws: value() of gradient(expectation(p, f), …), f(x) = x for the mean, x² for the square.",
  entropy: "Estimate it from draws: value() of gradient(expectation(p, f), …), f(x) = −log p(x) by logProb().",
  divergence: "Estimate it from draws: value() of gradient(expectation(p, f), …), f(x) = log p(x) − log prior(x) by logProb().",
};

/** A family that lacks a capability. */
export function lacking(caller: string, family: string, capability: string): TypeError {
  if (!Object.hasOwn(CLOSED, capability)) return new TypeError(`${caller}: ${family} has no ${capability}.`);
  const what = capability as keyof typeof CLOSED;
  return new TypeError(`${caller}: ${family} has no ${CLOSED[what]} in closed form. ${fromDraws[what]}`);
}

/** Refuses arguments of what takes none. */
export function noOptions(caller: string, given: readonly unknown[]): void {
  const [options] = given;
  if (options === undefined) return;
  if (typeof options !== "object" || options === null) throw wrongKind(caller, "options", "nothing", options, "It takes none.");
  for (const [name, value] of Object.entries(options)) throw wrongKind(caller, name, "no such option", value, "It takes none.");
}

/** Refuses arrays that nobody reads: a misspelt parameter must not be silently ignored. */
export function onlyNames(caller: string, argument: string, record: unknown, known: readonly string[]): void {
  if (typeof record !== "object" || record === null || ArrayBuffer.isView(record)) return; // refused elsewhere
  for (const name of Object.keys(record)) {
    if (!known.includes(name)) throw wrongKind(caller, `${argument}.${name}`, "nothing of that name", (record as Record<string, unknown>)[name], `Known: ${known.join(", ")}.`);
  }
}

/** An estimator's name as the word that makes it: score-function is scoreFunction(). */
export function wordOf(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
