import type { Points, Precision } from "../core/core.ts";
import { disposed, onlyOptions, wrongKind } from "../errors.ts";
import type { Answers, CallOptions, Estimate, Gradient } from "../estimate.ts";
import { type Key, keyed } from "../key.ts";
import { arrayOf, numbers } from "../parameters.ts";
import { leaf } from "../pool.ts";
import { eachPart, type Shapes, type Values, volume } from "../vocabulary/distribution.ts";
import type { Driver } from "./driver.ts";
import { evaluationsOf, hardRows } from "./layout.ts";
import { checkOut, emptyEstimate, read, spreadOf, varied } from "./result.ts";
import { pool, refine, type Rounds } from "./rounds.ts";

/** The driver behind its gate: who may call when, what is checked first, what is left behind. */
export function gradientOf(made: Driver, precision: Precision): Gradient<Shapes, Shapes> {
  const like = emptyEstimate(made, precision);
  let open = false; // a proposal waits for its values
  let busy = false;
  let gone = false;

  function enter<R>(caller: string, run: () => R): R {
    if (gone) throw disposed(caller, "gradient");
    if (busy) throw new TypeError(`${caller}: this gradient is at work on another estimate, from within f. Make a second one for f.`);
    busy = true;
    try {
      return run();
    } finally {
      busy = false;
    }
  }

  function values(caller: string, params: unknown, key: Key, options: CallOptions): void {
    open = false;
    keyed(caller, key);
    made.write(caller, params, options.context);
    made.propose(key);
    made.evaluate();
  }

  function conclude(caller: string, learn: boolean, into: Estimate): Estimate {
    made.combine(caller);
    made.accumulate();
    made.finish();
    made.check(caller);
    read(made, into);
    if (learn) made.bound.learn?.(made.work);
    return into;
  }

  const { value, gradient: slopes } = evaluationsOf(made);
  const series: Rounds = {
    none: { version: 2, estimator: `${made.estimator} of ${made.family.name}, ${made.samples} samples, batch ${made.batch}`, precision, exact: made.plan.exact === true, biased: made.biased, amortised: made.encoder !== undefined, nodes: [] },
    samples: (made.plan.value + made.plan.gradient) * made.samples + (made.plan.shared ?? 0),
    evaluations: value + slopes,
    round: (caller, params, key, index, options) =>
      enter(caller, () => {
        values(caller, params, key, options);
        const estimate = conclude(caller, options.learn ?? true, emptyEstimate(made, precision));
        return leaf(index, estimate, spreadOf(made), varied(made));
      }),
  };

  const gradient: Gradient<Shapes, Shapes> = {
    estimate: (params, key, options = {}) =>
      enter("estimate", () => {
        onlyOptions("estimate", options, ["context", "learn", "out"]);
        if (options.out !== undefined) checkOut("estimate", options.out, like, precision);
        values("estimate", params, key, options);
        return conclude("estimate", options.learn ?? true, options.out ?? emptyEstimate(made, precision));
      }),
    value: (params, key, options = {}) =>
      enter("value", () => {
        onlyOptions("value", options, ["context"]);
        values("value", params, key, options);
        made.combine("value");
        made.objective();
        const out = arrayOf(precision, made.batch);
        out.set(made.moments.totalMean.view() as Float64Array);
        return out;
      }),
    perSample: (params, key, options = {}) =>
      enter("perSample", () => {
        onlyOptions("perSample", options, ["context"]);
        values("perSample", params, key, options);
        made.combine("perSample");
        return terms(made, precision);
      }),
    propose: (params, key, options = {}) =>
      enter("propose", () => {
        onlyOptions("propose", options, ["context"]);
        open = false;
        keyed("propose", key);
        made.write("propose", params, options.context);
        made.propose(key);
        open = true;
        const { hard, soft, anchor, rows, dim } = made.work;
        return {
          hard: copy(made, hard.x, hardRows(made.work) * dim, precision),
          soft: copy(made, soft.x, soft.points * rows * dim, precision),
          ...(anchor && { anchor: copy(made, anchor.x, made.batch * dim, precision) }),
        };
      }),
    combine: (answers, options = {}) =>
      enter("combine", () => {
        onlyOptions("combine", options, ["learn"]);
        if (!open) throw new TypeError("combine: there is no open proposal. Call propose() first, and nothing between.");
        answer(made, answers, precision);
        const estimate = conclude("combine", options.learn ?? true, emptyEstimate(made, precision));
        open = false; // not before: answers that are refused may be mended
        return estimate;
      }),
    pool: (params, key, options) => pool(series, params, key, options),
    refine: (params, key, options = {}) => refine(series, params, key, options),
    get state() {
      if (gone) throw disposed("state", "gradient");
      return made.state.save();
    },
    set state(saved) {
      enter("state", () => made.state.restore(saved));
    },
    get bytes() {
      return made.region.size;
    },
    dispose: () => {
      if (busy) throw new TypeError("dispose: this gradient is at work. Dispose it when f has returned.");
      gone = true;
      made.region.free();
    },
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () => gradient.dispose(),
  } as Gradient<Shapes, Shapes>;
  return gradient;
}

function terms(made: Driver, precision: Precision): Values<Shapes> {
  const { shapes, work, region } = made;
  const record = Object.fromEntries(Object.entries(shapes.theta).map(([name, shape]) => [name, arrayOf(precision, work.rows * volume(shape))]));
  made.moments.each(made.bound, work, (first, rows, at) => {
    eachPart(shapes.theta, rows, (name, part, length) => {
      record[name]!.set(region.core.view(precision, at + part * region.bytes, length) as Float64Array, (first * length) / rows);
    });
  });
  return record;
}

function copy({ region }: Driver, at: number, length: number, precision: Precision): Points {
  return region.core.view(precision, at, length).slice();
}

function answer({ work, region, plan, batch }: Driver, answers: Answers, precision: Precision): void {
  const put = (name: keyof Answers, at: number, length: number): void => {
    if (length > 0) region.core.view(precision, at, length).set(numbers("combine", `answers.${name}`, answers[name], precision, length) as Float64Array);
  };
  if (typeof answers !== "object" || answers === null) throw wrongKind("combine", "answers", "an object with hard, soft or gradient", answers);
  put("hard", work.hard.value, hardRows(work));
  put("soft", work.soft.value, plan.gradient * work.rows);
  put("gradient", work.soft.gradient, plan.gradient * work.rows * work.dim);
  if (work.anchor === undefined) return;
  put("anchor", work.anchor.value, batch);
  put("anchorGradient", work.anchor.gradient, batch * work.dim);
}
