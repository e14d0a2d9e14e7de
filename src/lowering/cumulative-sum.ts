import { machineLowering } from "../graph/task-library.ts";
import { CUMULATIVE_SUM } from "../kernels/cumulative-sum.ts";

export const CUMULATIVE_SUM_TASK = machineLowering("cumulativeSum", {
  lower: (task, { inputs, output, call }) => call({ ...task, kind: CUMULATIVE_SUM }, inputs, [output]),
});
