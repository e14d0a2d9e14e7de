/** @file The two ends of a network that came from elsewhere: its input as files here describe it, its outputs as losses take them. */
import { AuricleError } from "../../errors.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import { networkFromConfig } from "../network-from-config.ts";
import type { LayerConfig, NetworkConfig, NodeConfig } from "../network-plan.ts";
import type { Network } from "../network.ts";

/** An activation that makes probabilities of what losses take. */
export type FinalActivation = "softmax" | "sigmoid";

/** A network that ends with logits, and the activation that was taken from it, if there was one. */
export interface WithLogits {
  readonly network: Network;
  readonly removed: FinalActivation | undefined;
}

/**
 * Takes a last softmax or sigmoid from a network, a layer of its own or the activation of another: losses and answers take logits
 * here. The given network is left as it is.
 * @throws AuricleError "argument" for a network with several outputs
 */
export function withoutFinalActivation(network: Network): WithLogits {
  const { layer, inputShapes } = network.outputLayer;
  const { config } = network;
  const at = network.output.value - config.inputs.length;
  const [input] = config.nodes[at].inputs;
  const alone = layer.className === "Softmax" ? softmaxOverLast(layer, inputShapes[0]) : activationOf(layer);
  if (alone === undefined) return { network, removed: undefined };
  const isLayer = layer.className === "Softmax" || layer.className === "Activation";
  const isUsedOnce = config.nodes.filter((node) => node.layer === config.nodes[at].layer).length === 1;
  if (isLayer ? input < config.inputs.length : !isUsedOnce) return { network, removed: undefined };
  const changed = isLayer ? withoutNode(config, at) : withLinear(config, config.nodes[at].layer);
  return { network: networkFromConfig(changed, network.getWeights()), removed: alone };
}

function softmaxOverLast({ config }: Layer, shape: Shape): FinalActivation | undefined {
  const axes = [config.axis].flat();
  return axes.length === 1 && (axes[0] === -1 || axes[0] === shape.length) ? "softmax" : undefined;
}

function activationOf({ config }: Layer): FinalActivation | undefined {
  return config.activation === "softmax" || config.activation === "sigmoid" ? config.activation : undefined;
}

function withLinear(config: NetworkConfig, layer: number): NetworkConfig {
  const layers = config.layers.map((one, i): LayerConfig =>
    i === layer ? { ...one, config: { ...one.config, activation: "linear" } } : one,
  );
  return { ...config, layers };
}

/** Leaves out the node that gives the only output, whose own first input becomes the output. */
function withoutNode(config: NetworkConfig, at: number): NetworkConfig {
  const { inputs, nodes, layers, output } = config;
  const value = inputs.length + at;
  const [before] = nodes[at].inputs;
  const renumbered = (number: number) => {
    if (number === value) return before;
    return number > value ? number - 1 : number;
  };
  const kept = nodes.filter((_, i) => i !== at);
  const unused = kept.every(({ layer }) => layer !== nodes[at].layer) ? nodes[at].layer : layers.length;
  return {
    ...config,
    layers: layers.filter((_, i) => i !== unused),
    nodes: kept.map((node): NodeConfig => ({
      layer: node.layer > unused ? node.layer - 1 : node.layer,
      inputs: node.inputs.map(renumbered),
    })),
    output:
      typeof output === "number"
        ? before
        : { ...output, values: output.values.map((one) => ({ ...one, value: before })) },
  };
}

/**
 * Puts layers before a network's only input, and gives it another shape. The given network is left as it is.
 * @param shape the new input's, for one example
 * @param layers one after the other; the last must give what the network takes
 * @throws AuricleError "argument" for a network with several inputs, "shape" where the layers do not lead to it
 */
export function withFirstLayers(network: Network, shape: Shape, layers: readonly Layer[]): Network {
  const { config } = network;
  const [input, ...others] = config.inputs;
  if (others.length > 0) {
    throw new AuricleError(
      "argument",
      `network ${network.name}: must have one input; it has ${network.inputNames.join(", ")}`,
    );
  }
  const taken = new Set(config.layers.map((layer) => layer.config.name));
  const first = layers.map(({ className, config: own }, i): LayerConfig => ({
    className,
    config: { ...own, name: freeName(taken, `input_${className.toLowerCase()}`, i) },
  }));
  const shift = layers.length;
  const moved = config.nodes.map(({ layer, inputs }): NodeConfig => ({
    layer: layer + shift,
    inputs: inputs.map((value) => value + shift),
  }));
  const { output } = config;
  const made = networkFromConfig({
    ...config,
    inputs: [{ name: input.name, shape }],
    layers: [...first, ...config.layers],
    nodes: [...first.map((_, i): NodeConfig => ({ layer: i, inputs: [i] })), ...moved],
    output:
      typeof output === "number"
        ? output + shift
        : { ...output, values: output.values.map((one) => ({ ...one, value: one.value + shift })) },
  });
  const own = network.getWeights();
  made.setWeights(new Map([...made.getWeights()].map(([path, fresh]) => [path, own.get(path) ?? fresh])));
  return made;
}

function freeName(taken: Set<unknown>, base: string, i: number): string {
  let name = i === 0 ? base : `${base}_${i + 1}`;
  while (taken.has(name)) name = `${name}_`;
  taken.add(name);
  return name;
}

/** Puts a layer behind a network's only output. The given network is left as it is. @throws AuricleError "argument" for several. */
export function withLastLayer(network: Network, layer: Layer): Network {
  const { config } = network;
  const { value } = network.output;
  const taken = new Set(config.layers.map((one) => one.config.name));
  const name = freeName(taken, `output_${layer.className.toLowerCase()}`, 0);
  return networkFromConfig(
    {
      ...config,
      layers: [...config.layers, { className: layer.className, config: { ...layer.config, name } }],
      nodes: [...config.nodes, { layer: config.layers.length, inputs: [value] }],
      output: config.inputs.length + config.nodes.length,
    },
    network.getWeights(),
  );
}
