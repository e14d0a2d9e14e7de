/** @file The penalties that the regularizers of a network's weights add to the loss. */
import { withScope, type Tensor } from "../graph/tensor.ts";
import type { NetworkGraph } from "./network-graph.ts";

/** Whether the loss depends on which layers are frozen. */
export function isRegularized(network: NetworkGraph): boolean {
  return network.weights.some(({ regularizer }) => regularizer);
}

/** Adds the penalty of each weight that is not frozen, once, however often its layer is used. */
export function addPenalties(network: NetworkGraph, addLoss: (penalty: Tensor) => void): void {
  for (const entry of network.weights) {
    const { regularizer } = entry;
    if (!regularizer || network.isFrozen(entry)) continue;
    addLoss(withScope(entry.layer, () => regularizer.penalty(network.variable(entry))));
  }
}
