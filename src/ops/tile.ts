import type { Tensor } from "../graph/tensor.ts";
import { defineRepetition, repeated } from "./repetition.ts";

export const tilePrimitive = defineRepetition("tile", "whole");

/**
 * Repeats the tensor side by side along the axes, NumPy's `tile`: `[a, b]` twice is `[a, b, a, b]`. Takes no memory
 * where it is used in element-by-element arithmetic or a reduction.
 * @param repeats the number of copies along each axis
 * @throws AuricleError "argument" unless they are whole numbers from 1, one for each axis.
 */
export function tile(tensor: Tensor, repeats: readonly number[]): Tensor {
  return repeated(tilePrimitive, tensor, repeats);
}
