/** @file Networks from a list of layers, and from a graph of symbolic tensors. */
import { AuricleError } from "../errors.ts";
import { nameLayers } from "./layer-name.ts";
import type { Layer, SymbolicTensor } from "./layer.ts";
import { Network } from "./network.ts";
import type { InputConfig, NodeConfig } from "./network-plan.ts";
import { input } from "./symbolic.ts";

export interface NetworkOptions {
  /** Default: "sequential" or "model". */
  readonly name?: string;
  /** The same seed gives the same weights. Default 0. */
  readonly seed?: number;
}

export interface SequentialOptions extends NetworkOptions {
  /** What the input's axes mean, for the summary: ["time", "frequency", "channel"]. */
  readonly axisNames?: readonly string[];
}

/**
 * A network of layers one after the other. The first layer needs `inputShape`.
 * @throws AuricleError "argument" or "shape" naming the layer that does not fit
 */
export function sequentialNetwork(layers: readonly Layer[], options: SequentialOptions = {}): Network {
  const name = options.name ?? "sequential";
  const shape = layers[0]?.inputShape;
  if (!shape) {
    throw new AuricleError(
      "argument",
      `${name}: the first layer must have inputShape, the shape of one example without the batch axis: conv2d({ …, inputShape: [28, 28, 1] })`,
    );
  }
  const names = nameLayers([...new Set(layers)]);
  const unique = [...new Set(layers)].map((layer, i) => ({ name: names[i], layer }));
  return new Network({
    name,
    seed: checkSeed(name, options.seed),
    inputs: [inputConfig(input({ shape, axisNames: options.axisNames }), 0)],
    layers: unique,
    nodes: layers.map((layer, i): NodeConfig => ({
      layer: unique.findIndex((one) => one.layer === layer),
      inputs: [i],
    })),
    output: layers.length,
  });
}

export interface GraphOptions {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: SymbolicTensor;
}

/**
 * A network from its inputs to its output, with branches and skips as the layers were applied.
 * @throws AuricleError "argument" when the output depends on an input that is not given, or not on one that is
 */
export function graphNetwork({ inputs, outputs }: GraphOptions, options: NetworkOptions = {}): Network {
  const name = options.name ?? "model";
  const given = "origin" in inputs ? [inputs] : inputs;
  const order = orderOf(outputs);
  for (const tensor of given) {
    if (tensor.origin.kind === "input" && order.includes(tensor)) continue;
    const fault =
      tensor.origin.kind === "input" ? "one that the output does not depend on" : "a layer's output";
    throw new AuricleError("argument", `${name}: inputs must be made by input() and used; got ${fault}`);
  }
  const missing = order.find((tensor) => tensor.origin.kind === "input" && !given.includes(tensor));
  if (missing) {
    throw new AuricleError(
      "argument",
      `${name}: the output depends on an input of shape [${missing.shape.join(",")}] that is not among inputs; add it`,
    );
  }
  const made = order.filter((tensor) => tensor.origin.kind === "layer");
  const values = [...given, ...made];
  const layers = [...new Set(made.flatMap(({ origin }) => (origin.kind === "layer" ? [origin.layer] : [])))];
  const names = nameLayers(layers);
  const configs = given.map(inputConfig);
  checkInputNames(name, configs);
  return new Network({
    name,
    seed: checkSeed(name, options.seed),
    inputs: configs,
    layers: layers.map((layer, i) => ({ name: names[i], layer })),
    nodes: made.flatMap(({ origin }): NodeConfig[] =>
      origin.kind === "layer"
        ? [
            {
              layer: layers.indexOf(origin.layer),
              inputs: origin.inputs.map((tensor) => values.indexOf(tensor)),
            },
          ]
        : [],
    ),
    output: values.indexOf(outputs),
  });
}

function inputConfig({ shape, origin }: SymbolicTensor, index: number): InputConfig {
  const { name, axisNames } = origin.kind === "input" ? origin : { name: undefined, axisNames: undefined };
  return { name: name ?? `input_${index + 1}`, shape, ...(axisNames ? { axisNames } : {}) };
}

function checkInputNames(name: string, configs: readonly InputConfig[]): void {
  const names = configs.map((config) => config.name);
  if (new Set(names).size === names.length) return;
  throw new AuricleError("argument", `${name}: names of inputs must differ; got ${names.join(", ")}`);
}

function checkSeed(name: string, seed = 0): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new AuricleError("argument", `${name}: seed must be an integer; got ${String(seed)}`);
}

/** All that `output` is made of, each after what it is made of. */
function orderOf(output: SymbolicTensor): readonly SymbolicTensor[] {
  const order = new Set<SymbolicTensor>();
  const visit = (tensor: SymbolicTensor): void => {
    if (order.has(tensor)) return;
    if (tensor.origin.kind === "layer") tensor.origin.inputs.forEach(visit);
    order.add(tensor);
  };
  visit(output);
  return [...order];
}
