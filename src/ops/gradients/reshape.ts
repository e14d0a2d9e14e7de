/** @file Gradients of the operations in ../reshape.ts. */
import type { Shape } from "../../tensor/shape.ts";
import { reshape } from "../reshape.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const reshapeGradient: OperationGradient<{ readonly shape: Shape }> = (outputGradient, [input]) => [
  reshape(outputGradient, input.shape),
];
