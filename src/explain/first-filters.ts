/** @file The filters of a network's first convolution. Browser-safe. */
import type { FloatArray } from "../tensor/array.ts";
import type { ExplainedModel } from "./programs.ts";

/** The kernel of a convolution. */
export interface FirstFilters {
  /** The layer's name. */
  readonly layer: string;
  /** `[T, C, filters]` or `[H, W, C, filters]`, as the layer has it. */
  readonly kernel: FloatArray;
}

/** The kernel of the first layer that slides weights over its input; undefined where there is none. */
export function firstFilters({ network }: ExplainedModel): FirstFilters | undefined {
  for (const { layer, inputShapes } of network.nodes) {
    const window = layer.layer.window(inputShapes);
    if (typeof window !== "object") continue;
    const kernel = network.weights.find(
      (weight) => weight.layer === layer.name && weight.shape.length === window.size.length + 2,
    );
    const array = kernel && network.getWeights().get(kernel.path);
    if (array)
      return { layer: layer.name, kernel: { shape: array.shape, data: Float32Array.from(array.data) } };
  }
  return undefined;
}
