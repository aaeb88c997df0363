/**
 * Times one case in a process of its own, where no other case has taught the engine types: `node bench/measure.ts <group> <case> <rounds> [peers]`
 * prints a Measurement as JSON.
 *
 * A round is a short run of each: kernel, twin, parts, peers. A busy machine slows all of a round alike, so the ratio is taken round by round.
 */
import type { Case } from "./case.ts";
import { clock } from "./clock.ts";
import { groups } from "./groups.ts";
import { type Peers, peers } from "./peers.ts";
import { type Quartiles, quartiles } from "./quartiles.ts";

/** Nanoseconds an element, medians over the rounds. */
export interface Measurement {
  readonly group: string;
  readonly name: string;
  readonly elements: number;
  readonly kernel: number;
  readonly twin: Against;
  readonly parts: Readonly<Record<string, number>>;
  readonly peers: Readonly<Record<string, Against>>;
}

export interface Against {
  readonly nanoseconds: number;
  /** This time / the kernel's: lower quartile, median, upper quartile over the rounds. */
  readonly ratio: Quartiles;
}

// Rounds until the engine has compiled both for good: an estimate took 1.0 ns in the first, 0.67, 0.61, and 0.59 from then on.
const WARM_UP = 3;

const median = (values: readonly number[]): number => quartiles(values)[1];

export async function measure(group: string, { name, elements, kernel, twin, parts = {} }: Case, rounds: number, others: Peers): Promise<Measurement> {
  const clocks: Record<string, () => number | Promise<number>> = { kernel: clock(kernel, elements), twin: clock(twin, elements) };
  for (const [part, run] of Object.entries(parts)) clocks[part] = clock(run, elements);
  const names = await others.knowing(name);
  for (const peer of names) clocks[peer] = () => others.time(peer, name);
  const times: Record<string, number[]> = {};
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [of, time] of Object.entries(clocks)) {
      const taken = await time();
      if (round >= 0) (times[of] ??= []).push(taken);
    }
  }
  const ours = times["kernel"]!;
  const against = (of: string): Against => ({ nanoseconds: median(times[of]!), ratio: quartiles(times[of]!.map((time, round) => time / ours[round]!)) });
  return {
    group, name, elements,
    kernel: median(ours),
    twin: against("twin"),
    parts: Object.fromEntries(Object.keys(parts).map((part) => [part, median(times[part]!)])),
    peers: Object.fromEntries(names.map((peer) => [peer, against(peer)])),
  };
}

if (import.meta.main) {
  const [group, name, rounds, withPeers] = process.argv.slice(2);
  const { cases } = await groups[group!]!();
  const others = peers(withPeers !== undefined);
  console.log(JSON.stringify(await measure(group!, cases.find((one) => one.name === name)!, Number(rounds), others)));
  others.close();
}
