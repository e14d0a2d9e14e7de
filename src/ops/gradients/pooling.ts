/** @file Gradients of the operations in ../pooling.ts and ../pooling-gradient.ts. */
import {
  averagePoolGradientPrimitive,
  maxPoolGradientPrimitive,
  maxPoolSelectionPrimitive,
  type AveragePoolGradientParameters,
} from "../pooling-gradient.ts";
import type { PoolingParameters } from "../pooling-windows.ts";
import { averagePoolPrimitive } from "../pooling.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const maxPoolGradient: OperationGradient<PoolingParameters> = (
  outputGradient,
  [input],
  parameters,
  output,
) => [maxPoolGradientPrimitive([input, output, outputGradient], parameters)];

export const maxPoolGradientGradient: OperationGradient<PoolingParameters> = (
  gradient,
  [input, maxima],
  parameters,
) => [undefined, undefined, maxPoolSelectionPrimitive([input, maxima, gradient], parameters)];

export const maxPoolSelectionGradient: OperationGradient<PoolingParameters> = (
  gradient,
  [input, maxima],
  parameters,
) => [undefined, undefined, maxPoolGradientPrimitive([input, maxima, gradient], parameters)];

export const averagePoolGradient: OperationGradient<PoolingParameters> = (
  outputGradient,
  [input],
  parameters,
) => [averagePoolGradientPrimitive([outputGradient], { ...parameters, inputShape: input.shape })];

export const averagePoolGradientGradient: OperationGradient<AveragePoolGradientParameters> = (
  gradient,
  _,
  { poolSize, strides, dilations, padding },
) => [averagePoolPrimitive([gradient], { poolSize, strides, dilations, padding })];
