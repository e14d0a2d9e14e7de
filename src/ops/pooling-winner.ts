/**
 * @file Max pooling's gradient where windows tile the input: which cell of its window has the maximum is noted down as the
 * maxima are computed, a quarter of a tensor for windows of 2 × 2. The gradient then is arithmetic on small tensors, done where it
 * is needed: neither the pooling's input nor the gradient for it has to be in memory.
 */
import { defineOperation, type Primitive } from "../graph/define.ts";
import { indexTensor } from "../graph/sources.ts";
import type { TaskLibrary } from "../graph/task-library.ts";
import type { Tensor } from "../graph/tensor.ts";
import { coversInput, type PoolingGeometry } from "../kernels/pooling/geometry.ts";
import { dataKey } from "../kernels/request-key.ts";
import { POOLING_TASK } from "../lowering/pooling.ts";
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

/**
 * A max pooling's gradient by its winners, where the target finds them as it pools.
 * @param inputs those of the gradient's operation: the pooling's input, its output, and the output's gradient
 */
export function gradientByWinners(
  [input, maxima, outputGradient]: readonly Tensor[],
  parameters: PoolingParameters,
  library: TaskLibrary,
): Tensor | undefined {
  const geometry = geometryOf(input.shape, maxima.shape, parameters);
  const isWanted =
    tilesInput(geometry, parameters) &&
    isPoolingOf(input, maxima, geometry) &&
    library.supports({ kind: POOLING_TASK, geometry, result: "winner" });
  return isWanted ? giveToWinners(outputGradient, input, parameters) : undefined;
}

/** Whether windows lie side by side and take up the whole input. */
function tilesInput(geometry: PoolingGeometry, { padding }: PoolingParameters): boolean {
  const { inputHeight, inputWidth, outputHeight, outputWidth, window } = geometry;
  return (
    outputHeight * window[0] === inputHeight &&
    outputWidth * window[1] === inputWidth &&
    padding.flat().every((zeros) => zeros === 0) &&
    coversInput(geometry)
  );
}

/** Whether a tensor is known to have the maxima of windows over another one. */
function isPoolingOf(input: Tensor, maxima: Tensor, geometry: PoolingGeometry): boolean {
  const { structure } = maxima.operation;
  return (
    structure.kind === "kernels" &&
    structure.task.kind === "pooling" &&
    structure.task.result === "max" &&
    maxima.inputs[0] === input &&
    dataKey(structure.task.geometry) === dataKey(geometry)
  );
}

/** The gradient for a max pooling's input: each window's for the first cell that has its maximum, 0 for the others. */
function giveToWinners(outputGradient: Tensor, input: Tensor, parameters: PoolingParameters): Tensor {
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
