/**
 * @file A filter bank over the last axis: each unit is a block of `lanes` rows, transposed into scratch memory, summed
 * band by band and transposed back.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { writeBandSums } from "./band-sums.ts";
import { loadRows, rowNumbers, storeRows } from "./rows.ts";
import { machineKernel } from "../library.ts";
import type { FilterBankRequest } from "../requests.ts";

export const FILTER_BANK = machineKernel("filterBank", filterBankKernel);

/** Pointers: input [rows, bins], ranges, weights, output [rows, bands]. */
export function filterBankKernel({ rows, bins, bands }: FilterBankRequest, machine: MachineTraits): Kernel {
  const k = new KernelBuilder(machine, FIRST_POINTER + 4);
  const [start, end, scratch, input, ranges, weights, output] = k.parameters;
  const { lanes } = machine;
  const binBytes = bins * lanes * FLOAT_BYTES;
  k.loop(start, end, 1, (unit) => {
    const numbers = rowNumbers(k, k.multiply(unit, lanes), rows);
    const addresses = (pointer: typeof input, columns: number) =>
      numbers.map((row) => k.intVariable(k.add(pointer, k.multiply(row, columns * FLOAT_BYTES))));
    loadRows(k, addresses(input, bins), scratch, bins);
    const sums = k.intVariable(k.add(scratch, binBytes));
    writeBandSums(k, bands, { ranges, weights }, scratch, sums);
    storeRows(k, sums, addresses(output, bands), bands);
  });
  const scratchBytes = binBytes + bands * lanes * FLOAT_BYTES;
  return { code: k.finish(), units: Math.ceil(rows / lanes), scratchBytes };
}
