/** @file Gradients of the operations in ../cumulative-sum.ts. */
import { type CumulativeSumParameters, cumulativeSumPrimitive } from "../cumulative-sum.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const cumulativeSumGradient: OperationGradient<CumulativeSumParameters> = (
  gradient,
  _,
  parameters,
) => [cumulativeSumPrimitive([gradient], { ...parameters, reverse: !parameters.reverse })];
