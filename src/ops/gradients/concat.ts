/** @file Gradients of the operations in ../concat.ts. */
import type { ConcatParameters } from "../concat.ts";
import { split } from "../slice-and-pad.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const concatGradient: OperationGradient<ConcatParameters> = (outputGradient, inputs, { axis }) =>
  split(
    outputGradient,
    inputs.map(({ shape }) => shape[axis]),
    axis,
  );
