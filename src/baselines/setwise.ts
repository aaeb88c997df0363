import type { Pointer } from "../core/kernels.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Workspace } from "../vocabulary/estimator.ts";

/**
 * A baseline for samples that come in sets of points that are not independent: it sees one value a set, their mean, and predicts one
 * number for all of a set, so that leaving one out leaves out all that depend on each other.
 */
export function setwise(baseline: Baseline): Baseline {
  return {
    ...baseline,
    bind: (site) => {
      const { setsOf, region, batch } = site;
      if (setsOf === undefined) return baseline.bind(site);
      const samples = site.samples / setsOf;
      const rows = samples * batch;
      const own = baseline.bind({ ...site, samples });
      const [mean, predicted] = [region.reserve(rows), region.reserve(rows)];
      const apart = (work: Workspace): Workspace => ({ ...work, samples, rows });
      const average = ({ kernels, bytes }: Workspace, value: Pointer): Pointer => {
        kernels.arrayFill(rows, 0, mean.at);
        for (let i = 0; i < setsOf; i++) kernels.arrayAdd(rows, value + i * rows * bytes, mean.at);
        kernels.arrayScale(rows, 1 / setsOf, mean.at);
        return mean.at;
      };
      return {
        predict(work, value, out) {
          own.predict(apart(work), average(work, value), predicted.at);
          for (let i = 0; i < setsOf; i++) work.kernels.arrayCopy(rows, predicted.at, out + i * rows * work.bytes);
        },
        ...(own.learn && { learn: (work, value) => own.learn!(apart(work), average(work, value)) }),
        ...(own.begin && { begin: () => own.begin!() }),
      };
    },
  };
}
