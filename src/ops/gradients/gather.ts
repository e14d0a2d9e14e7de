/** @file Gradients of the operations in ../gather.ts. */
import {
  type GatherParameters,
  gatherPrimitive,
  type ScatterAddParameters,
  scatterAddPrimitive,
} from "../gather.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const gatherGradient: OperationGradient<GatherParameters> = (
  gradient,
  [{ shape }, indices],
  { axis, perElement },
) => [scatterAddPrimitive([gradient, indices], { axis, perElement, shape }), undefined];

export const scatterAddGradient: OperationGradient<ScatterAddParameters> = (
  gradient,
  [, indices],
  { axis, perElement },
) => [gatherPrimitive([gradient, indices], { axis, perElement, outside: "0" }), undefined];
