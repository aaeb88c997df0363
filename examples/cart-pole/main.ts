/**
 * `node examples/cart-pole/main.ts [--keys n] [--episodes n] [--chart file]`: a cart learns to keep its pole up, by four estimators of
 * the policy's gradient, each under several keys. The package must be built: `npm run build`.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { agents } from "./agents.ts";
import { chart } from "./chart.ts";
import { STEPS } from "./pole.ts";
import { summary } from "./summary.ts";
import { MASTERED, type Run, train } from "./train.ts";

const { values } = parseArgs({ options: { keys: { type: "string", default: "10" }, episodes: { type: "string", default: "1000" }, chart: { type: "string", default: "cart-pole.svg" } } });
const [keys, episodes] = [Number(values.keys), Number(values.episodes)];
for (const [name, value, least] of [["keys", keys, 1], ["episodes", episodes, 20]] as const) {
  if (!Number.isInteger(value) || value < least) throw new RangeError(`cart-pole: --${name} expected a whole number of at least ${least}, got "${values[name]}"`);
}

const bar = new SingleBar({ format: "{name} {bar} key {seed} of {keys}  episode {episode}  {average} steps on average", barsize: 20, barCompleteChar: "█", barIncompleteChar: "░", hideCursor: true, gracefulExit: false, noTTYOutput: true, notTTYSchedule: 10_000 });
const runs: Run[] = [];
bar.start(agents.length * keys * episodes, 0, { name: "", seed: 0, keys, episode: 0, average: "–" });
agents.forEach((agent, which) => {
  for (let seed = 0; seed < keys; seed++) {
    const before = (which * keys + seed) * episodes;
    const onEpisode = (episode: number, average: number): void => bar.update(before + episode, { name: agent.name.padEnd(30), seed: seed + 1, keys, episode, average: average.toFixed(0) });
    runs.push(train(agent, { seed, episodes, onEpisode }));
  }
});
bar.update(agents.length * keys * episodes);
bar.stop();

console.log(`\nEpisodes until the pole stayed up ${MASTERED} of ${STEPS} steps on average over 100 episodes:`);
for (const { name } of agents) console.log(`${name.padEnd(30)} ${summary(runs.filter(({ agent }) => agent === name), episodes)}`);
writeFileSync(values.chart, chart(agents, runs, episodes));
console.log(`The chart is in ${resolve(values.chart)}.`);
