import { finite, onlyOptions } from "../errors.ts";

export interface RelaxedOptions {
  /** Above 0: near 0 draws are nearly hard, and their gradients large. */
  readonly temperature: number;
}

export function temperatureOf(caller: string, options: RelaxedOptions): number {
  onlyOptions(caller, options, ["temperature"]);
  return finite(caller, "temperature", options.temperature, "a number > 0", (t) => t > 0);
}
