/** @file Gradients of the operations in ../slice-and-pad.ts. */
import { type PadParameters, padPrimitive, slice, type SliceParameters } from "../slice-and-pad.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const sliceGradient: OperationGradient<SliceParameters> = (
  outputGradient,
  [input],
  { begin, size },
) => [
  padPrimitive([outputGradient], {
    padding: input.shape.map((length, axis) => [begin[axis], length - begin[axis] - size[axis]]),
    value: 0,
  }),
];

export const padGradient: OperationGradient<PadParameters> = (outputGradient, [input], { padding }) => [
  slice(
    outputGradient,
    padding.map(([before]) => before),
    input.shape,
  ),
];
