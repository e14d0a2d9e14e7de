/** @file The same layers for inputs of another shape: networks that pool over all of an axis have no length of their own. */
import type { Shape } from "../tensor/shape.ts";
import type { InferenceNetwork } from "./inference-network.ts";
import type { NetworkPlan } from "./network-plan.ts";

/** The plan of a network with the same layers, for other shapes of its inputs; the batch is left out. */
export function planForInputs({ config, layers }: InferenceNetwork, shapes: readonly Shape[]): NetworkPlan {
  return {
    ...config,
    inputs: config.inputs.map((input, i) => ({ ...input, shape: shapes[i] })),
    layers: layers.map(({ name, layer }) => ({ name, layer })),
  };
}
