import type { Tensor } from "../graph/tensor.ts";
import { defineRepetition, repeated } from "./repetition.ts";

export const repeatPrimitive = defineRepetition("repeat", "elements");

/**
 * Repeats each element in a row along the axes, NumPy's `repeat`: `[a, b]` twice is `[a, a, b, b]`. Takes no memory
 * where it is used in element-by-element arithmetic or a reduction.
 * @param repeats the number of copies along each axis
 * @throws AuricleError "argument" unless they are whole numbers from 1, one for each axis.
 */
export function repeat(tensor: Tensor, repeats: readonly number[]): Tensor {
  return repeated(repeatPrimitive, tensor, repeats);
}
