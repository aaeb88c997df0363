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
        if (!array.every(Number.isFinite)) throw wrongValue("state", `arrays.${name}`, "finite numbers", "others");
      }
      for (const [name, field] of fields) field.view().set(arrays![name]!);
    },
  };
}
