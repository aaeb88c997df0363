import type { Estimate } from "../reference/estimators/score-function.ts";
import { key } from "../src/index.ts";
import type { Case, Floats } from "./case.ts";

export type Parameters = Readonly<Record<string, Floats>>;
type Made = { readonly estimate: (params: never, k: ReturnType<typeof key>, options?: object) => { readonly gradient: Parameters; readonly standardError: Parameters } };

export interface Whole {
  readonly name: string;
  readonly elements: number;
  /** What `gradient(…)` gives. */
  readonly made: object;
  readonly params: Parameters;
  readonly twin: () => Estimate;
  readonly parts?: NonNullable<Case["parts"]>;
  /** Without noise: the numbers themselves are compared. */
  readonly exact?: boolean;
}

/** A case of a whole estimate, which learns nothing: the gradient's parts one after the other, against those of the twin. */
export function whole({ name, elements, made, params, twin, parts, exact = false }: Whole): Case {
  const grad = made as Made;
  const out = grad.estimate(params as never, key(1), { learn: false });
  let step = 0;
  let own: Estimate;
  const all = (of: Parameters): number[] => Object.values(of).flatMap((part) => [...part]);
  return {
    name,
    elements,
    kernel: () => grad.estimate(params as never, key(1).fold(step++), { out, learn: false }),
    twin: () => void (own = twin()),
    ...(parts && { parts }),
    outcome: () => (exact ? { alike: "values", kernel: all(out.gradient), twin: own.gradient, within: 1e-5 } : { alike: "estimates", kernel: all(out.gradient), twin: own.gradient, errors: [all(out.standardError), own.standardError] }),
  };
}
