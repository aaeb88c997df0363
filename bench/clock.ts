import Benchmark from "benchmark";
import { quartiles } from "./quartiles.ts";

/**
 * Seconds and nanoseconds that this thread has computed, in the place of `process.hrtime`: what other programs take of a shared core does not count. By the wall a long twin is
 * interrupted and a short kernel is not, which made kernels on a busy machine look three times as fast as they are.
 *
 * `cpuUsage` comes first because it makes Linux bring the thread's account up to date; without it the account is a tick (up to 4 ms) old.
 */
function computed(since: readonly [number, number] = [0, 0]): [seconds: number, nanoseconds: number] {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  const passed = (user + system) * 1e3 - since[0] * 1e9 - since[1];
  return [Math.floor(passed / 1e9), passed % 1e9];
}

const Clocked = Benchmark.runInContext({ process: { hrtime: computed } }) as typeof Benchmark;

/** A clock for one function: each call is a short run of `benchmark`, and gives the median of its samples in nanoseconds an element. */
export function clock(run: () => void, elements: number): () => number {
  const benchmark = new Clocked(run, { async: false, minTime: 0.004, maxTime: 0.02, minSamples: 3 });
  return () => {
    benchmark.run();
    if (benchmark.error !== undefined) throw benchmark.error;
    return (quartiles(benchmark.stats.sample)[1] * 1e9) / elements;
  };
}
