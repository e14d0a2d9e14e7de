import type { Tensor } from "../../graph/tensor.ts";

/**
 * Gives the gradient for each input of an operation in terms of other operations, undefined where none flows.
 * @param outputGradient the gradient for the operation's output
 */
export type OperationGradient<P> = (
  outputGradient: Tensor,
  inputs: readonly Tensor[],
  parameters: P,
  output: Tensor,
) => readonly (Tensor | undefined)[];
