/**
 * @file The gradients of pooling as operations, closed under differentiation. Where several cells of a window are the largest, the
 * first of them, row by row, gets the gradient.
 */
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Structure } from "../graph/tensor.ts";
import type { PoolingGeometry } from "../kernels/pooling/geometry.ts";
import { POOLING_GRADIENT_TASK, POOLING_SELECTION_TASK } from "../lowering/pooling-gradient.ts";
import type { DoubleArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { forEachWindow, geometryOf, type PoolingParameters } from "./pooling-windows.ts";
import { gradientByWinners } from "./pooling-winner.ts";

function gradientStructure(geometry: PoolingGeometry, result: "max" | "mean"): Structure {
  return { kind: "kernels", task: { kind: POOLING_GRADIENT_TASK, geometry, result } };
}

/** Inputs: the pooling's input, its output, and the output's gradient. Constant in the first two almost everywhere. */
export const maxPoolGradientPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPoolGradient",
  shape: ([input]) => input.shape,
  structure: ([input, maxima], parameters) =>
    gradientStructure(geometryOf(input.shape, maxima.shape, parameters), "max"),
  instead: gradientByWinners,
  reference: ([input, maxima, outputGradient], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(input.shape, maxima.shape, parameters), (output, cells) => {
      const winner = firstEqual(input, cells, maxima.data[output]);
      if (winner !== undefined) result[winner] += outputGradient.data[output];
    });
    return result;
  },
});

/** Inputs: a pooling's input, its output, and a tensor of which it gives the value at each window's maximum. */
export const maxPoolSelectionPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPoolSelection",
  shape: ([, maxima]) => maxima.shape,
  structure: ([input, maxima], parameters) => {
    const geometry = geometryOf(input.shape, maxima.shape, parameters);
    return { kind: "kernels", task: { kind: POOLING_SELECTION_TASK, geometry } };
  },
  reference: ([input, maxima, values], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(input.shape, maxima.shape, parameters), (output, cells) => {
      const winner = firstEqual(input, cells, maxima.data[output]);
      if (winner !== undefined) result[output] = values.data[winner];
    });
    return result;
  },
});

function firstEqual({ data }: DoubleArray, cells: readonly number[], value: number): number | undefined {
  return cells.find((cell) => data[cell] === value);
}

export interface AveragePoolGradientParameters extends PoolingParameters {
  readonly inputShape: Shape;
}

/** Input: the gradient of the pooling's output. */
export const averagePoolGradientPrimitive: Primitive<AveragePoolGradientParameters> =
  defineOperation<AveragePoolGradientParameters>({
    name: "averagePoolGradient",
    shape: (_, { inputShape }) => inputShape,
    structure: ([outputGradient], parameters) =>
      gradientStructure(geometryOf(parameters.inputShape, outputGradient.shape, parameters), "mean"),
    reference: ([outputGradient], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachWindow(geometryOf(shape, outputGradient.shape, parameters), (output, cells) => {
        for (const cell of cells) result[cell] += outputGradient.data[output] / cells.length;
      });
      return result;
    },
  });
