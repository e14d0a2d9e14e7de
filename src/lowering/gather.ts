import { machineLowering } from "../graph/task-library.ts";
import { GATHER, SCATTER_ADD } from "../kernels/gather.ts";

export const GATHER_TASK = machineLowering("gather", {
  lower: (task, { inputs, output, call }) => call({ ...task, kind: GATHER }, inputs, [output]),
});

export const SCATTER_ADD_TASK = machineLowering("scatterAdd", {
  lower: (task, { inputs, output, call }) => call({ ...task, kind: SCATTER_ADD }, inputs, [output]),
});
