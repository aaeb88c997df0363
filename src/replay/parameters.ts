import { finite, wrongKind } from "../errors.ts";
import type { ReplayParameters } from "./replay.ts";

/** Parameters as one row of numbers, and the way back to their shape. */
export interface Packed {
  readonly values: Float64Array;
  /** A record in the shape of the parameters, of as many numbers. */
  shaped(numbers: ArrayLike<number>): ReplayParameters;
  /** `rates[2]` */
  nameOf(k: number): string;
}

export function packed(caller: string, parameters: ReplayParameters): Packed {
  if (typeof parameters !== "object" || parameters === null || ArrayBuffer.isView(parameters)) throw wrongKind(caller, "parameters", "an object with numbers by name", parameters);
  const names: string[] = [];
  const values: number[] = [];
  for (const [name, own] of Object.entries(parameters)) {
    const listed = Array.isArray(own) || ArrayBuffer.isView(own);
    const all = listed ? Array.from(own as ArrayLike<number>) : [own as number];
    all.forEach((value, i) => {
      names.push(listed ? `${name}[${i}]` : name);
      values.push(finite(caller, `parameters.${names.at(-1)!}`, value));
    });
  }
  return {
    values: Float64Array.from(values),
    nameOf: (k) => names[k]!,
    shaped(numbers) {
      let at = 0;
      return Object.fromEntries(
        Object.entries(parameters).map(([name, own]) => {
          if (typeof own === "number") return [name, numbers[at++]!];
          const part = Array.from({ length: own.length }, () => numbers[at++]!);
          return [name, ArrayBuffer.isView(own) ? (own as unknown as Float64Array).map((_, i) => part[i]!) : part];
        }),
      );
    },
  };
}
