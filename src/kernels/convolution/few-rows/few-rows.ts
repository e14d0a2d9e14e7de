/**
 * @file The product of few rows with a large matrix, which is read once, where it lies, in stretches that are long enough for a
 * processor to read ahead. Packing it first, as filters are packed for direct convolution, writes and reads the whole of it again,
 * which takes longer than the products of few rows.
 */
import type { MachineTraits } from "../../../machine/ir.ts";
import type { Kernel } from "../../kernel.ts";
import { machineKernel } from "../../library.ts";
import type { FewRowsRequest } from "../../requests.ts";
import { chunkedProductKernel } from "./chunked.ts";
import { scalarProductsKernel, suitsScalarProducts } from "./scalar-products.ts";

export const FEW_ROWS = machineKernel("fewRows", fewRowsKernel);

/** Pointers: rows, matrix, the epilogue's memory operands, output. */
export function fewRowsKernel(request: FewRowsRequest, machine: MachineTraits): Kernel {
  return suitsScalarProducts(request, machine)
    ? scalarProductsKernel(request, machine)
    : chunkedProductKernel(request, machine);
}
