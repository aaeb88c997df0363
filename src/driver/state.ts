import type { Precision } from "../core/core.ts";
import type { Field, Region } from "../core/region.ts";
import { wrongKind, wrongValue } from "../errors.ts";

/** What an estimator or an optimizer remembers, as plain JSON. */
export interface State {
  readonly version: 1;
  readonly of: string;
  readonly arrays: Readonly<Record<string, readonly number[]>>;
}

export interface Remembered {
  remember(name: string, length: number, precision?: Precision): Field;
  save(): State;
  /** All or nothing: a state that does not fit changes nothing. */
  restore(state: unknown): void;
}

export function remembered(region: Region, of: string): Remembered {
  const fields = new Map<string, Field>();
  return {
    remember(name, length, precision) {
      const field = region.reserve(length, precision);
      fields.set(name, field);
      return field;
    },
    save: () => ({
      version: 1,
      of,
      arrays: Object.fromEntries([...fields].map(([name, field]) => [name, Array.from(field.view())])),
    }),
    restore(state) {
      const { version, of: saved, arrays } = (state ?? {}) as Partial<State>;
      if (version !== 1) throw wrongValue("state", "version", "1", version, "It was saved by another version of gradex.");
      if (saved !== of) throw wrongValue("state", "of", `"${of}"`, saved);
      for (const [name, field] of fields) {
        const array = arrays?.[name];
        if (!Array.isArray(array)) throw wrongKind("state", `arrays.${name}`, `${field.length} numbers`, array);
        if (array.length !== field.length) throw wrongValue("state", `arrays.${name}`, `${field.length} numbers`, String(array.length));
        const kept = field.view().slice();
        kept.set(array); // in the field's own precision, where a number may be too large
        if (!array.every((x) => typeof x === "number") || !kept.every(Number.isFinite)) throw wrongValue("state", `arrays.${name}`, "finite numbers", "others");
      }
      const foreign = Object.keys(arrays ?? {}).find((name) => !fields.has(name));
      if (foreign !== undefined) throw wrongKind("state", `arrays.${foreign}`, "nothing of that name", arrays![foreign], "It was saved by an estimator with other parts.");
      for (const [name, field] of fields) field.view().set(arrays![name]!);
    },
  };
}
