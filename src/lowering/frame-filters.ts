import { machineLowering } from "../graph/task-library.ts";
import { FRAME_FILTERS, frameFilterTables } from "../kernels/fourier/frame-filters.ts";
import { tableBuffer } from "./tables.ts";

export const FRAME_FILTERS_TASK = machineLowering("frameFilters", {
  lower: ({ geometry, filters }, { inputs, output, call }) => {
    const tables = frameFilterTables(filters).map(tableBuffer);
    call({ kind: FRAME_FILTERS, geometry, filters: filters.length }, [...inputs, ...tables], [output]);
  },
});
