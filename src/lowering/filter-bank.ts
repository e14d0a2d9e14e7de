import { machineLowering } from "../graph/task-library.ts";
import { FILTER_BANK } from "../kernels/fourier/filter-bank.ts";
import { bankBuffers } from "./tables.ts";

export const FILTER_BANK_TASK = machineLowering("filterBank", {
  lower: ({ rows, bank }, { inputs, output, call }) => {
    const { bins, bands } = bank;
    call({ kind: FILTER_BANK, rows, bins, bands }, [...inputs, ...bankBuffers(bank)], [output]);
  },
});
