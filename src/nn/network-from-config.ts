/** @file A network from its config, whatever layers it has: a program that calls this carries all of them. */
import type { FloatArray } from "../tensor/array.ts";
import { layerFromConfig } from "./layers/registry.ts";
import { networkOfLayers } from "./network-of-layers.ts";
import type { NetworkConfig } from "./network-plan.ts";
import { Network } from "./network.ts";

/**
 * Builds a network from its config.
 * @param weights all of them by path; default: new ones
 * @throws AuricleError "argument" or "shape" when it describes none, or the weights are not its own.
 */
export function networkFromConfig(config: NetworkConfig, weights?: ReadonlyMap<string, FloatArray>): Network {
  return networkOfLayers(Network, config, config.layers.map(layerFromConfig), weights);
}
