import { machineLowering } from "../graph/task-library.ts";
import { TOP_INDICES } from "../kernels/top-indices.ts";

export const TOP_INDICES_TASK = machineLowering("topIndices", {
  lower: (task, { inputs, output, call }) => call({ ...task, kind: TOP_INDICES }, inputs, [output]),
});
