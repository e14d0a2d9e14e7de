/** @file Tracing one layer by itself: its output's shape and its cost come from the operations it is made of. */
import { AuricleError } from "../errors.ts";
import { topologicalOrder } from "../graph/gradient.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Layer } from "./layer.ts";
import type { WeightSpec } from "./weight-spec.ts";
import { requireMemory } from "./size-limit.ts";

/** A layer traced for inputs of known shapes (batch axis left out). */
export interface LayerTrace {
  readonly weights: readonly WeightSpec[];
  readonly outputShape: Shape;
  /** For one example. */
  readonly multiplyAdds: number;
}

/**
 * Traces the layer in inference for a batch of one.
 * @param where the layer's name, for messages
 * @throws AuricleError "shape" naming the layer when the shapes do not fit it
 */
export function traceLayer(layer: Layer, inputShapes: readonly Shape[], where: string): LayerTrace {
  return namingLayer(where, () => {
    for (const shape of inputShapes) requireMemory("input", shape);
    const weights = layer.weights(inputShapes);
    for (const { name, shape } of weights) requireMemory(name, shape);
    // Finds axes that the weight does not have.
    for (const { shape, constraint } of weights) constraint?.apply(inputTensor(shape, "float32"));
    const tensors = new Map(weights.map(({ name, shape }) => [name, inputTensor(shape, "float32")]));
    const inputs = inputShapes.map((shape) => inputTensor([1, ...shape], "float32"));
    const output = layer.call(inputs, {
      training: undefined,
      trainable: layer.trainable,
      salt: 0,
      weight: (name) => weightNamed(tensors, name, where),
      update: () => undefined,
      addLoss: () => undefined,
      randomKey: () => inputTensor([], "int32"),
    });
    const tensorsMade = topologicalOrder([output]);
    for (const { shape } of tensorsMade) requireMemory("what it computes", shape);
    const multiplyAdds = tensorsMade.reduce((total, tensor) => total + tensor.operation.multiplyAdds, 0);
    return { weights, outputShape: output.shape.slice(1), multiplyAdds };
  });
}

/** @throws AuricleError "argument" when the layer did not ask for such a weight. */
export function weightNamed(weights: ReadonlyMap<string, Tensor>, name: string, where: string): Tensor {
  const tensor = weights.get(name);
  if (tensor) return tensor;
  throw new AuricleError(
    "argument",
    `layer ${where}: has weights ${[...weights.keys()].join(", ") || "(none)"}; its call asked for "${name}"`,
  );
}

/** Runs `make` and puts the layer's name before the message of an error it throws. */
export function namingLayer<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AuricleError) || error.message.startsWith("layer ")) throw error;
    throw new AuricleError(error.code, `layer ${where}: ${error.message}`, { cause: error });
  }
}
