/** @file A network from a Keras model's layers and its numbers. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { NetworkConfig } from "../../nn/network-plan.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { PlacedLayer, PlannedNetwork } from "./plan.ts";
import type { WeightNames } from "./mapped-layer.ts";

/** A network that was read from another program's file: `networkFromConfig(config, weights)` builds it. */
export interface ImportedNetwork {
  readonly config: NetworkConfig;
  /** All weights by path. */
  readonly weights: ReadonlyMap<string, FloatArray>;
  /** Properties of the file that were not taken over, in sentences. */
  readonly notes: readonly string[];
}

/** Finds the numbers of a layer's weight; `index` is its place among those that Keras stores for the layer. */
export type WeightSource = (layer: PlacedLayer, weight: WeightNames, index: number) => FloatArray | undefined;

/**
 * Puts the numbers into the layers.
 * @throws AuricleError "file" naming all weights that are missing.
 */
export function assembleNetwork(planned: PlannedNetwork, find: WeightSource, file: string): ImportedNetwork {
  const weights = new Map<string, FloatArray>();
  const missing: string[] = [];
  for (const layer of planned.layers) {
    layer.mapped.weights.forEach((weight, index) => {
      const found = find(layer, weight, index);
      if (found) weights.set(`${layer.name}/${weight.name}`, found);
      else missing.push(`${layer.path.join("/")}/${weight.theirs[0]}`);
    });
    for (const [name, values] of layer.mapped.constants ?? []) {
      weights.set(`${layer.name}/${name}`, constantWeight(layer, values));
    }
  }
  if (missing.length === 0) return { config: planned.config, weights, notes: planned.notes };
  const shown = missing.slice(0, 20).join(", ");
  throw new AuricleError(
    "file",
    `${file}: must have the numbers of every weight; missing are ${shown}` +
      (missing.length > 20 ? ` and ${missing.length - 20} more` : ""),
  );
}

/** Statistics of a configuration: one number for all, or one for each index of one axis. */
function constantWeight({ mapped }: PlacedLayer, values: readonly number[]): FloatArray {
  const { axis } = mapped.layers[0].config;
  const isForAll = Array.isArray(axis) && axis.length === 0;
  return { shape: isForAll ? [] : [values.length], data: Float32Array.from(values) };
}
