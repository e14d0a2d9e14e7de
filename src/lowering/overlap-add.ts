import { machineLowering } from "../graph/task-library.ts";
import { OVERLAP_ADD } from "../kernels/fourier/overlap-add.ts";

export const OVERLAP_ADD_TASK = machineLowering("overlapAdd", {
  lower: (task, { inputs, output, call }) => call({ ...task, kind: OVERLAP_ADD }, inputs, [output]),
});
