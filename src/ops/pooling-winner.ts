/**
 * @file Max pooling's gradient where windows tile the input: which cell of its window has the maximum is noted down as the
 * maxima are computed, a quarter of a tensor for windows of 2 × 2. The gradient then is arithmetic on small tensors, done where it
 * is needed: neither the pooling's input nor the gradient for it has to be in memory.
 */
import { defineOperation, type Primitive } from "../graph/define.ts";
import { indexTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { coversInput } from "../kernels/pooling/geometry.ts";
import { visitsPixels } from "../kernels/pooling/walk.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { toFloat } from "./cast.ts";
import {
  checkedShape,
  forEachWindow,
  geometryOf,
  poolingStructure,
  type PoolingParameters,
} from "./pooling-windows.ts";
import { repeat } from "./repeat.ts";
import { whereEqual } from "./select.ts";

/** The number of the cell in its window, row by row from 0, that is the first to have the maximum. */
export const maxPoolWinnerPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPoolWinner",
  shape: ([input], parameters) => checkedShape("maxPoolWinner", input.shape, parameters),
  structure: ([input], parameters, shape) =>
    poolingStructure(geometryOf(input.shape, shape, parameters), "winner"),
  reference: ([{ shape: inputShape, data }], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(inputShape, shape, parameters), (output, cells) => {
      cells.forEach((cell, number) => {
        if (data[cells[result[output]]] < data[cell]) result[output] = number;
      });
    });
    return result;
  },
});

/** Whether windows lie side by side and take up the whole input, with enough channels for arithmetic on pixels. */
export function canFindWinners(input: Tensor, parameters: PoolingParameters): boolean {
  const output = checkedShape("maxPool", input.shape, parameters);
  const { poolSize, padding } = parameters;
  const fits = poolSize.every((size, axis) => output[axis + 1] * size === input.shape[axis + 1]);
  const geometry = geometryOf(input.shape, output, parameters);
  return (
    fits && padding.flat().every((zeros) => zeros === 0) && coversInput(geometry) && visitsPixels(geometry)
  );
}

/** The gradient for a max pooling's input: each window's for the first cell that has its maximum, 0 for the others. */
export function giveToWinners(outputGradient: Tensor, input: Tensor, parameters: PoolingParameters): Tensor {
  const { poolSize } = parameters;
  const perPixel = [1, ...poolSize, 1];
  const winner = maxPoolWinnerPrimitive([input], parameters);
  return whereEqual(
    repeat(winner, perPixel),
    cellNumbers(input.shape, perPixel),
    repeat(outputGradient, perPixel),
  );
}

/** The number of each cell in its window. */
function cellNumbers(shape: Shape, lengths: readonly number[]): Tensor {
  const strides = lengths.map((_, axis) =>
    lengths[axis] === 1 ? 0 : lengths.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  return toFloat(
    indexTensor(
      shape,
      shape.map(() => 0),
      { lengths, strides },
    ),
  );
}
