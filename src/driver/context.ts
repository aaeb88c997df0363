import type { Points, Precision } from "../core/core.ts";
import type { Field, Region } from "../core/region.ts";
import { wrongKind, wrongValue } from "../errors.ts";
import { numbers } from "../parameters.ts";

/** The context arrays that f, a network or a baseline asked for, `[batch, width]` each; two that ask for one name share it. */
export interface Contexts {
  request(name: string, width: number): Field;
  /** Copies the arrays of a call in. */
  write(caller: string, given: Readonly<Record<string, Points>> | undefined): void;
}

export function contexts(region: Region, batch: number, precision: Precision): Contexts {
  const fields = new Map<string, Field>();
  return {
    request(name, width) {
      const known = fields.get(name);
      if (known === undefined) {
        const field = region.reserve(batch * width);
        fields.set(name, field);
        return field;
      }
      if (known.length !== batch * width) throw wrongValue("gradient", `context.${name}`, `one width, ${known.length / batch} as first asked for`, width);
      return known;
    },
    write(caller, given) {
      for (const [name, field] of fields) {
        if (given?.[name] === undefined) throw wrongKind(caller, `context.${name}`, `an array of ${field.length}, [batch, width]`, given?.[name], "Pass it as { context }.");
        field.view().set(numbers(caller, `context.${name}`, given[name], precision, field.length) as Float64Array);
        const bad = region.core.kernels[precision].statisticsFirstNotFinite(field.length, field.at);
        if (bad >= 0) throw wrongValue(caller, `context.${name}[${bad}]`, "a finite number", field.view()[bad]);
      }
    },
  };
}
