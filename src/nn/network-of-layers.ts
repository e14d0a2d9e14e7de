/** @file A network of a stored config whose layers have been made. It names no kind of layer, so a program carries those it makes. */
import { AuricleError } from "../errors.ts";
import type { FloatArray } from "../tensor/array.ts";
import type { Layer } from "./layer.ts";
import type { NetworkConfig, NetworkPlan } from "./network-plan.ts";
import type { InferenceNetwork } from "./inference-network.ts";

/**
 * Builds a network from its config.
 * @param Made the class of the network: whether it can be trained
 * @param layers one for each layer of the config
 * @param weights all of them by path; default: new ones
 * @throws AuricleError "argument" or "shape" when the config describes none, or the weights are not its own.
 */
export function networkOfLayers<N extends InferenceNetwork>(
  Made: new (plan: NetworkPlan, weights?: ReadonlyMap<string, FloatArray>) => N,
  config: NetworkConfig,
  layers: readonly Layer[],
  weights?: ReadonlyMap<string, FloatArray>,
): N {
  const named = layers.map((layer, i) => {
    if (layer.name === undefined) {
      throw new AuricleError(
        "argument",
        `network ${config.name}: layer ${i} (${config.layers[i].className}) has no name`,
      );
    }
    return { name: layer.name, layer };
  });
  return new Made({ ...config, layers: named }, weights);
}
