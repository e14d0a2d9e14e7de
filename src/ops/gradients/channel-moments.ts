/** @file Gradients of the operations in ../channel-moments.ts. */
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import { multiply, subtract } from "../arithmetic.ts";
import { channelMeanPrimitive, type None } from "../channel-moments.ts";
import { broadcastAlong } from "../sum.ts";
import type { OperationGradient } from "./operation-gradient.ts";

function axesBefore(shape: Shape): number[] {
  return shape.slice(0, -1).map((_, axis) => axis);
}

export const channelMeanGradient: OperationGradient<None> = (gradient, [{ shape }]) => [
  broadcastAlong(multiply(gradient, shape[shape.length - 1] / sizeOf(shape)), shape, axesBefore(shape)),
];

export const channelVarianceGradient: OperationGradient<None> = (gradient, [input]) => {
  const { shape } = input;
  const axes = axesBefore(shape);
  const deviation = subtract(input, broadcastAlong(channelMeanPrimitive([input], {}), shape, axes));
  const scaled = multiply(gradient, (2 * shape[shape.length - 1]) / sizeOf(shape));
  return [multiply(deviation, broadcastAlong(scaled, shape, axes))];
};
