/** @file Gradients of the operations in ../axis-filter-bank.ts. */
import { axisFilterBank, type AxisFilterBankParameters } from "../axis-filter-bank.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const axisFilterBankGradient: OperationGradient<AxisFilterBankParameters> = (
  outputGradient,
  _,
  { bank, axis },
) => [axisFilterBank(outputGradient, bank.transposed(), axis)];
