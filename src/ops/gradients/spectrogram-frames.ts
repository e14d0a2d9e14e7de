/** @file Gradients of the operations in ../spectrogram-frames.ts. */
import {
  type FramesParameters,
  framesPrimitive,
  overlapAdd,
  type OverlapAddParameters,
} from "../spectrogram-frames.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const framesGradient: OperationGradient<FramesParameters> = (
  outputGradient,
  [input],
  { hopLength },
) => [overlapAdd(outputGradient, hopLength, input.shape[1])];

export const overlapAddGradient: OperationGradient<OverlapAddParameters> = (
  outputGradient,
  [input],
  { hopLength },
) => [framesPrimitive([outputGradient], { frames: input.shape[1], frameLength: input.shape[2], hopLength })];
