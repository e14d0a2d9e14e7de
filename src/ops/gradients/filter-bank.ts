/** @file Gradients of the operations in ../filter-bank.ts. */
import { filterBank, type FilterBankParameters } from "../filter-bank.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const filterBankGradient: OperationGradient<FilterBankParameters> = (outputGradient, _, { bank }) => [
  filterBank(outputGradient, bank.transposed()),
];
