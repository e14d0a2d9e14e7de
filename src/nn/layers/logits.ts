/** @file The logits behind probabilities of a traced network. */
import type { Tensor } from "../../graph/tensor.ts";
import { reshape } from "../../ops/reshape.ts";

/** The arguments of softmax and sigmoid, by their results; a graph that is dropped takes its entries along. */
const LOGITS = new WeakMap<Tensor, Tensor>();

/** Returns the probabilities, and keeps what they were computed from for {@link logitsOf}. */
export function withLogits(probabilities: Tensor, logits: Tensor): Tensor {
  LOGITS.set(probabilities, logits);
  return probabilities;
}

/**
 * The logits of a layer's probabilities, in their shape; undefined where the tensor is not the result of an activation that gives
 * probabilities, or a view of one.
 */
export function logitsOf(output: Tensor): Tensor | undefined {
  let tensor = output;
  for (;;) {
    const logits = LOGITS.get(tensor);
    if (logits) return reshape(logits, output.shape);
    if (tensor.operation.structure.kind !== "view") return undefined;
    tensor = tensor.inputs[0];
  }
}
