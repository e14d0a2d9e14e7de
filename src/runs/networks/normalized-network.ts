/** @file The normalisation of a network's input, as a layer before all others. Browser-safe. */

import type { InputNormalization } from "../../models/index.ts";
import { networkFromConfig, normalization as fixedNormalization, type Network } from "../../nn/index.ts";
import type { NetworkConfig } from "../../nn/network-plan.ts";

/** A network behind the normalisation of its input: a layer of its own, before all others. */
export function normalizedNetwork(network: Network, normalization: InputNormalization | undefined): Network {
  if (normalization === undefined || typeof normalization === "string") return network;
  const { config } = network;
  const own = fixedNormalization({ ...normalization, name: NORMALIZATION });
  const layers = [{ className: own.className, config: own.config }, ...config.layers];
  // Values are numbered: the input, the new layer's output, then all others.
  const nodes = config.nodes.map(({ layer, inputs }) => ({
    layer: layer + 1,
    inputs: inputs.map((value) => value + 1),
  }));
  const first = { layer: 0, inputs: [0] };
  return networkFromConfig({ ...config, layers, nodes: [first, ...nodes], output: network.output.value + 1 });
}

/** The name of the layer that is put before a network of a file. */
const NORMALIZATION = "input_normalization";

/** Layers that, at a network's beginning, make up for the scale and the mean of its input. */
const NORMALIZING = /Normalization$|^Rescaling$|^AudioFrontEnd$/;

/** Layers that leave the values as they are. */
const REARRANGING = /^(ZeroPadding|Cropping|Reshape|Permute|Flatten)/;

/** Whether the network's own first layers normalise; layers that only rearrange values may come before. */
export function normalizesItself({ layers, nodes }: NetworkConfig): boolean {
  // Values are numbered: the input, then the nodes' outputs.
  const asGiven = new Set([0]);
  return nodes.some(({ layer, inputs }, node) => {
    const { className } = layers[layer];
    if (!inputs.some((value) => asGiven.has(value))) return false;
    if (REARRANGING.test(className)) asGiven.add(node + 1);
    return NORMALIZING.test(className);
  });
}
