import type { Points } from "../core/core.ts";
import { finite, integer, onlyOptions, wrongKind } from "../errors.ts";
import { key, type Key } from "../key.ts";
import { adam } from "../optimizers/adam.ts";
import { network, type Node } from "../tape/index.ts";
import type { Baseline, BoundBaseline } from "../vocabulary/baseline.ts";
import { sizeOf } from "../vocabulary/distribution.ts";
import type { Site } from "../vocabulary/estimator.ts";
import type { Network } from "../vocabulary/integrand.ts";
import { glorot } from "./glorot.ts";

export interface LearnedOptions {
  /** Step size of Adam on the squared error, in units of f's spread; 0.01 unless given. */
  readonly rate?: number;
  /** Where the first weights come from; key(0) unless given. */
  readonly key?: Key;
}

export interface NetworkBaselineOptions extends LearnedOptions {
  /** Widths of the hidden layers (tanh); [32] unless given. */
  readonly hidden?: readonly number[];
}

/**
 * C(x), a linear function of the context, trained on the squared error ‖C(x) − f‖². It predicts before it learns, so the
 * estimate stays unbiased.
 *
 * @param inputs  the context arrays it sees, name and width: `{ counts: words }`
 */
export function linearBaseline(inputs: Readonly<Record<string, number>>, options: LearnedOptions = {}): Baseline {
  onlyOptions("linearBaseline", options, ["rate", "key"]);
  return learned("linear", layers("linearBaseline", inputs, []), "linearBaseline", options);
}

/**
 * C(x), a small neural network of the context, trained on the squared error ‖C(x) − f‖² in the core. It predicts before it
 * learns, so the estimate stays unbiased. Mnih & Gregor 2014 (NVIL).
 *
 * @param inputs  the context arrays it sees, name and width: `{ counts: words }`
 */
export function networkBaseline(inputs: Readonly<Record<string, number>>, options: NetworkBaselineOptions = {}): Baseline {
  onlyOptions("networkBaseline", options, ["hidden", "rate", "key"]);
  const { hidden = [32], ...rest } = options;
  if (!Array.isArray(hidden) || hidden.length === 0) throw wrongKind("networkBaseline", "hidden", "an array of widths", hidden, "For no hidden layer use linearBaseline().");
  hidden.forEach((width, i) => integer("networkBaseline", `hidden[${i}]`, width));
  return learned("network", layers("networkBaseline", inputs, hidden), "networkBaseline", rest);
}

/** inputs → hidden … → 1. The first layer has a matrix for each input; its sum is theirs side by side. */
function layers(caller: string, inputs: Readonly<Record<string, number>>, hidden: readonly number[]): Network {
  const names = Object.entries(inputs ?? {});
  if (names.length === 0) throw wrongKind(caller, "inputs", "context names and widths, such as { counts: 200 }", inputs);
  for (const [name, width] of names) integer(caller, `inputs.${name}`, width);
  const widths = [...hidden, 1];
  const params: Record<string, readonly number[]> = {};
  for (const [name, width] of names) params[`${name} → 0`] = [width, widths[0]!];
  widths.forEach((width, i) => {
    if (i > 0) params[`${i - 1} → ${i}`] = [widths[i - 1]!, width];
    params[`bias ${i}`] = [width];
  });
  return network(
    (nodes: Readonly<Record<string, Node>>) => {
      let layer = names.map(([name]) => nodes[name]!.matmul(nodes[`${name} → 0`]!)).reduce((sum, part) => sum.add(part));
      widths.forEach((_, i) => {
        if (i > 0) layer = layer.tanh().matmul(nodes[`${i - 1} → ${i}`]!);
        layer = layer.add(nodes[`bias ${i}`]!);
      });
      return { baseline: layer };
    },
    params,
    inputs,
  ) as Network;
}

function learned(name: string, net: Network, caller: string, options: LearnedOptions): Baseline {
  const rate = finite(caller, "rate", options.rate ?? 0.01, "a number > 0", (x) => x > 0);
  return { name, least: 1, bind: (site) => bind(name, net, rate, options.key ?? key(0), site) };
}

// Share of the past in the running mean and spread of f, in whose units the network is trained.
const DECAY = 0.95;

function bind(name: string, net: Network, rate: number, start: Key, { region, samples, batch, context, remember }: Site): BoundBaseline {
  const length = sizeOf(net.params);
  const evaluator = net.bind({ region, batch, context, outputs: { baseline: 1 } });
  const weights = remember(`${name}.weights`, length);
  const scale = remember(`${name}.scale`, 3, "f64"); // running mean, mean square, and the weight of both
  const optimizer = adam({ rate }).bind(region, length, remember);
  const [output, cotangent, predicted] = [region.reserve(batch), region.reserve(batch), region.reserve(batch)];
  const means = region.reserve(2 * batch);
  const slope = region.reserve(length);

  const units = (): { centre: number; spread: number } => {
    const [mean, square, known] = scale.view() as Float64Array;
    if (!(known! > 0)) return { centre: 0, spread: 1 };
    const centre = mean! / known!;
    return { centre, spread: Math.sqrt(Math.max(square! / known! - centre * centre, 0)) || 1 };
  };
  return {
    begin: () => {
      const output = ` → ${/\d+$/.exec(Object.keys(net.params).at(-1)!)![0]}`;
      const first = glorot(net.params, start, region, (name) => name.endsWith(output)); // may grow the memory: the view comes after
      weights.view().set(first as Float64Array);
    },
    predict: ({ kernels }, _, out) => {
      evaluator.params.view().set(weights.view() as Float64Array);
      evaluator.forward(output.at);
      const { centre, spread } = units();
      const own = output.view();
      predicted.view().forEach((_, b, all) => (all[b] = centre + spread * own[b]!));
      kernels.controlVariateSpreadOut(samples, batch, predicted.at, out);
    },
    learn: ({ kernels }, value) => {
      kernels.statisticsAccumulate(samples, batch, 0, value, means.at, means.at + batch * region.bytes);
      const { centre, spread } = units();
      const [own, seen] = [output.view(), means.view()];
      cotangent.view().forEach((_, b, all) => (all[b] = (2 / batch) * (own[b]! - (seen[b]! - centre) / spread)));
      slope.view().fill(0);
      evaluator.pullback(cotangent.at, slope.at);
      optimizer.step(kernels, -1, slope.at, weights.at);
      follow(scale.view(), seen, samples, batch);
    },
  };
}

/** Takes the values of an estimate into the running mean and mean square: `seen` is means, then squared deviations. */
function follow(scale: Points, seen: Points, samples: number, batch: number): void {
  let mean = 0;
  let square = 0;
  for (let b = 0; b < batch; b++) {
    mean += seen[b]! / batch;
    square += (seen[b]! * seen[b]! + seen[batch + b]! / samples) / batch;
  }
  scale[0] = DECAY * scale[0]! + (1 - DECAY) * mean;
  scale[1] = DECAY * scale[1]! + (1 - DECAY) * square;
  scale[2] = DECAY * scale[2]! + (1 - DECAY);
}
