import { SingleBar } from "cli-progress";
import type { Standing } from "./train.ts";

/** One line a run: a moving bar in a terminal, a plain line at every quarter anywhere else. */
export interface Progress {
  begin(name: string, done: number): void;
  /** @param secondsLeft  of the whole comparison */
  show(standing: Standing, documentsPerSecond: number, secondsLeft: number): void;
  end(): void;
}

const FORMAT = "{name} {bar} {percent}%  ELBO {elbo}  s.e. {error}  {speed} docs/s  {left} left";

export function progress(steps: number, terminal: boolean = process.stderr.isTTY): Progress {
  return terminal ? bar(steps) : lines(steps);
}

function bar(steps: number): Progress {
  const options = { format: FORMAT, barsize: 12, barCompleteChar: "█", barIncompleteChar: "░", hideCursor: true, fps: 8, gracefulExit: false };
  let line = new SingleBar(options);
  return {
    begin(name, done) {
      line = new SingleBar(options);
      line.start(steps, done, { name: name.padEnd(14), elbo: "   –  ", error: "  –  ", speed: "   –", left: "–", percent: "  0" });
    },
    show: (standing, speed, left) => line.update(standing.step, shown(standing, steps, speed, left)),
    end: () => line.stop(),
  };
}

function lines(steps: number): Progress {
  const quarter = Math.max(1, Math.ceil(steps / 4));
  let of = "";
  return {
    begin: (name) => void (of = name.padEnd(14)),
    show(standing, documentsPerSecond, secondsLeft) {
      if (standing.step % quarter !== 0 && standing.step !== steps) return;
      const { percent, elbo, error, speed, left } = shown(standing, steps, documentsPerSecond, secondsLeft);
      process.stderr.write(`${of} ${percent}%  ELBO ${elbo}  s.e. ${error}  ${speed} docs/s  ${left} left\n`);
    },
    end: () => {},
  };
}

function shown({ step, elbo, standardError }: Standing, steps: number, speed: number, left: number): Record<"percent" | "elbo" | "error" | "speed" | "left", string> {
  return {
    percent: Math.floor((100 * step) / steps).toString().padStart(3),
    elbo: elbo.toFixed(3).replace("-", "−"),
    error: standardError < 100 ? standardError.toFixed(3).slice(0, 5) : standardError.toFixed(0).padStart(5),
    speed: speed.toFixed(0).padStart(4),
    left: `${Math.floor(left / 60)}:${Math.floor(left % 60).toString().padStart(2, "0")}`,
  };
}
