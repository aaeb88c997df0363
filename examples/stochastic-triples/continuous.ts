import { key, program, run, stochasticTriple } from "gradex";

/** A point of the sample space, what the program gives there at p and at p + ε, and how it changes. */
export interface Change {
  readonly omega: number;
  readonly before: number;
  readonly after: number;
  readonly slope: number;
}

const waiting = program<"p">(({ p }, draw) => draw.exponential(p.reciprocal()));

/** X(p) = −p log(1 − ω), exponential of mean p: every ω moves a little. ω is read off X(p); the derivative is the triple's. */
export function continuous(p: number, epsilon: number, points: number): readonly Change[] {
  const seed = key("continuous");
  const changes = Array.from({ length: points }, (_, i) => {
    const { value, delta } = stochasticTriple(waiting, { p }, seed.fold(i));
    const [after] = run(waiting, { p: p + epsilon }, seed.fold(i), { lanes: 1 });
    return { omega: 1 - Math.exp(-value / p), before: value, after: after!, slope: delta };
  });
  return changes.toSorted((a, b) => a.omega - b.omega);
}
