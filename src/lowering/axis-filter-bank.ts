import { machineLowering } from "../graph/task-library.ts";
import { AXIS_FILTER_BANK, axisRangeTable } from "../kernels/axis-filter-bank.ts";
import { weightTable } from "../kernels/fourier/band-sums.ts";
import { FILTER_BANK } from "../kernels/fourier/filter-bank.ts";
import { bankBuffers, tableBuffer } from "./tables.ts";

export const AXIS_FILTER_BANK_TASK = machineLowering("axisFilterBank", {
  lower: ({ outer, inner, bank }, { inputs, output, call }) => {
    const { bins, bands, filters } = bank;
    if (inner === 1) {
      // Rows of bins: blocks of rows fill the vectors.
      const reads = [...inputs, ...bankBuffers(bank)];
      call({ kind: FILTER_BANK, rows: outer, bins, bands }, reads, [output], true);
      return;
    }
    const tables = [axisRangeTable(filters), weightTable(filters)].map(tableBuffer);
    call({ kind: AXIS_FILTER_BANK, outer, bins, bands, inner }, [...inputs, ...tables], [output], true);
  },
});
